import { ApiError } from '../lib/errors.ts';

export const chatErrors = {
  wrongScope: (needed: readonly string[], held: Iterable<string>) =>
    new ApiError('Forbidden', `This operation needs a token with the scope ${needed.join(' or ')}; this one has ${[...held].join(', ')}.`, {
      target: 'Authorization',
      explanation: { rule: 'token.scope', cure: `Issue the token with the scope ${needed[0] ?? 'chat'}.` },
    }),
  notParticipant: () =>
    new ApiError('Forbidden', 'The user of this token is not a participant of the thread.', {
      target: 'chatThreadId',
      explanation: { rule: 'chat.not-participant', cure: 'Let a participant add this user to the thread first.' },
    }),
  unknownThread: () =>
    new ApiError('NotFound', 'There is no such chat thread.', {
      target: 'chatThreadId',
      explanation: { rule: 'chat.thread-unknown', cure: 'Check the thread id; deleted threads are not found any more.' },
    }),
  unknownMessage: () =>
    new ApiError('NotFound', 'There is no such message in this thread.', {
      target: 'chatMessageId',
      explanation: { rule: 'chat.message-unknown', cure: 'Check the message id; it is the id that sending returned.' },
    }),
  notSender: () =>
    new ApiError('Forbidden', 'Only the sender of a message may change or delete it.', {
      target: 'chatMessageId',
      explanation: { rule: 'chat.not-sender', cure: "Use the sender's token. System messages belong to nobody." },
    }),
  deletedMessage: () =>
    new ApiError('NotFound', 'The message was deleted.', {
      target: 'chatMessageId',
      explanation: { rule: 'chat.message-deleted', cure: 'A deleted message cannot be changed; send a new one.' },
    }),
  invalid: (target: string, problem: string) =>
    new ApiError('BadRequest', `${target} ${problem}.`, {
      target,
      explanation: { rule: 'body.invalid', cure: 'Correct the field named in the message.' },
    }),
  notInThread: () =>
    new ApiError('NotFound', 'The user to be removed is not a participant of the thread.', {
      target: 'rawId',
      explanation: { rule: 'chat.participant-unknown', cure: 'List the participants to see who is in the thread.' },
    }),
};
