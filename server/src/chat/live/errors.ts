import { ApiError } from '../../lib/errors.ts';
import type { Limits } from '../../limits/index.ts';
import type { UpgradeRefusal } from '../../http/index.ts';

export const liveErrors = {
  unknownSession: () =>
    new ApiError('Unauthorized', 'The connect parameters of the live connection were not made by this server.', {
      target: 'sr',
      explanation: {
        rule: 'live.session',
        cure: 'Allocate a live connection first (POST /v4/a), and pass its connectparams on unchanged.',
      },
    }),
  endedSession: () =>
    new ApiError('NotFound', 'The long-polling session has ended, or never began here.', {
      target: 'sid',
      explanation: { rule: 'live.session-ended', cure: 'Begin again with an allocation (POST /v4/a), as after a lost socket.' },
    }),
  badPayload: (reason: string) =>
    new ApiError('BadRequest', `The body is no payload of socket.io 0.9 packets: ${reason}.`, {
      target: 'body',
      explanation: { rule: 'live.payload', cure: 'Send one packet as it is, or several as \\ufffd<length>\\ufffd<packet>.' },
    }),
  unknownPath: () =>
    new ApiError('BadRequest', 'transports.TROUTER[].path is not the address of a live connection of this server.', {
      target: 'transports.TROUTER',
      explanation: { rule: 'live.path', cure: 'Register the surl that the allocation returned.' },
    }),
  badUpgrade: (refusal: UpgradeRefusal) =>
    new ApiError(refusal.code, refusal.message, {
      explanation: { rule: 'live.upgrade', cure: 'Check that no proxy on the way drops the Upgrade headers.' },
    }),
  draining: () =>
    new ApiError('ServiceUnavailable', 'The server is about to stop and takes no new live connections.', {
      retryAfterSeconds: 5,
      explanation: { rule: 'live.draining', cure: 'Connect again: a balancer finds another node, or this one when it is back.' },
    }),
  tooManyStrangers: () =>
    new ApiError('ServiceUnavailable', 'Too many sockets wait to be authenticated.', {
      retryAfterSeconds: 5,
      explanation: {
        rule: 'live.strangers',
        cure: 'Connect by allocation and handshake (POST /v4/a), as the chat SDK then does by itself.',
      },
    }),
  tooMany: (limits: Limits) => {
    const value = limits.value('chat.live-connections-per-user');
    return new ApiError(
      'TooManyRequests',
      `The user has ${value} live connections, which is limit chat.live-connections-per-user under the preset ${limits.preset}.`,
      {
        retryAfterSeconds: 30,
        explanation: {
          rule: 'limit.chat.live-connections-per-user',
          cure: 'Close connections that are not needed, or raise the limit in a limits file.',
          limit: { name: 'chat.live-connections-per-user', value, preset: limits.preset },
        },
      },
    );
  },
};
