import { ApiError } from '../../lib/errors.ts';

export const oversightErrors = {
  unknownUser: (target: string, id: string) =>
    new ApiError('NotFound', `There is no user ${JSON.stringify(id.slice(0, 200))} in this resource.`, {
      target,
      explanation: { rule: 'identity.unknown', cure: 'Name a user of this resource, or name the resource with "resource".' },
    }),
  unknownThread: () =>
    new ApiError('NotFound', 'There is no such chat thread in this resource, not even a deleted one.', {
      target: 'chatThreadId',
      explanation: {
        rule: 'chat.thread-unknown',
        cure: 'Check the thread id, and name the resource with "resource" when it is not local; purged threads are gone.',
      },
    }),
  notDeleted: () =>
    new ApiError('Conflict', 'The thread is not deleted; only deleted threads can be purged.', {
      target: 'chatThreadId',
      explanation: { rule: 'chat.thread-not-deleted', cure: 'Delete the thread first.' },
    }),
};
