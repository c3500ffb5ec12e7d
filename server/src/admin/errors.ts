import { ApiError } from '../lib/errors.ts';

export const adminErrors = {
  unknownRequest: (id: string) =>
    new ApiError('NotFound', `No request ${JSON.stringify(id)} is remembered; the last 5,000 are.`, {
      target: 'requestId',
      explanation: { rule: 'admin.request-unknown', cure: 'Use the x-ms-request-id of an answer of this server.' },
    }),
  realClock: () =>
    new ApiError('Conflict', 'The clock of this server is the real one and cannot be moved.', {
      explanation: { rule: 'admin.real-clock', cure: 'Start the server with --clock virtual.' },
    }),
  badTime: (target: string, text: string) =>
    new ApiError(
      'BadRequest',
      `${target} ${JSON.stringify(text)} is not understood; give a duration such as P31D or 15m in "by", or a time such as 2026-12-24T00:00:00Z in "to".`,
      {
        target,
        explanation: { rule: 'admin.time', cure: 'Give exactly one of "by" and "to".' },
      },
    ),
  backwards: () =>
    new ApiError('BadRequest', 'The time lies in the past of the virtual clock.', {
      target: 'to',
      explanation: { rule: 'admin.time', cure: 'Use POST /admin/clock:set to go back.' },
    }),
  notReady: () =>
    new ApiError('ServiceUnavailable', 'The server is starting or stopping.', {
      retryAfterSeconds: 1,
      explanation: { rule: 'server.not-ready', cure: 'Try again in a moment.' },
    }),
};
