import { ApiError } from '../lib/errors.ts';

/** What `SNAPSHOT_NAME` demands, in words. */
const NAME_RULE = 'has 1 to 48 lower-case letters, digits, hyphens and underscores, and begins and ends with a letter or digit';

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
  badSnapshotName: (name: string) =>
    new ApiError('BadRequest', `The name of a snapshot ${NAME_RULE}; ${JSON.stringify(name.slice(0, 64))} is none.`, {
      target: 'name',
      explanation: { rule: 'snapshot.name', cure: 'Choose a name such as two-users.' },
    }),
  snapshotExists: (name: string) =>
    new ApiError('Conflict', `There is a snapshot ${JSON.stringify(name)} already; replace it, or choose another name.`, {
      target: 'name',
      explanation: { rule: 'snapshot.exists', cure: 'Send "replace": true to save over it, or choose another name.' },
    }),
  tooManySnapshots: (most: number) =>
    new ApiError('Conflict', `There are ${most} snapshots already, and no more are kept.`, {
      explanation: { rule: 'snapshot.count', cure: 'Delete one with DELETE /admin/snapshots/{name}.' },
    }),
  unknownSnapshot: (name: string) =>
    new ApiError('NotFound', `There is no snapshot ${JSON.stringify(name)}.`, {
      target: 'name',
      explanation: { rule: 'snapshot.unknown', cure: 'GET /admin/snapshots lists them.' },
    }),
  damagedSnapshot: (name: string) =>
    new ApiError('Conflict', `The snapshot ${JSON.stringify(name)} is damaged and cannot be restored. Nothing was changed.`, {
      target: 'name',
      explanation: { rule: 'snapshot.damaged', cure: 'Delete it and save it again.' },
    }),
  snapshotOfOtherVersion: (name: string) =>
    new ApiError(
      'Conflict',
      `The snapshot ${JSON.stringify(name)} was saved by another version of Switchboard, which stores things differently. Nothing was changed.`,
      {
        target: 'name',
        explanation: {
          rule: 'snapshot.other-version',
          cure: 'Save it again with this version, or restore it with the version that saved it.',
        },
      },
    ),
  snapshotNotPermitted: () =>
    new ApiError('Conflict', 'A snapshot is a schema of the database, and the user of the database may not make schemas.', {
      explanation: { rule: 'snapshot.not-permitted', cure: 'grant create on database … to …, as the owner of the database.' },
    }),
  notReady: () =>
    new ApiError('ServiceUnavailable', 'The server is starting or stopping.', {
      retryAfterSeconds: 1,
      explanation: { rule: 'server.not-ready', cure: 'Try again in a moment.' },
    }),
};
