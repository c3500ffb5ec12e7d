import type { RateLimiter, RateName } from '../limits/index.ts';
import type { ChatCaller } from './chat-caller.ts';

/** Whose calls are counted together. */
type Per = 'user' | 'thread' | 'userInThread';

/** The rates that count each kind of call, as the ACS service limits group them. */
const RATES = {
  createOrDeleteThread: { 'chat.thread-create-rate': 'user' },
  updateThread: { 'chat.thread-update-rate': 'thread' },
  readThreads: { 'chat.thread-read-rate': 'user' },
  changeParticipants: { 'chat.participant-change-rate': 'thread', 'chat.participant-change-minute-rate': 'thread' },
  listParticipants: { 'chat.participant-list-rate': 'userInThread', 'chat.participant-list-thread-rate': 'thread' },
  writeMessage: { 'chat.message-write-rate': 'thread', 'chat.message-write-minute-rate': 'thread' },
  getMessage: { 'chat.message-get-rate': 'userInThread', 'chat.message-get-thread-rate': 'thread' },
  listMessages: {
    'chat.message-list-rate': 'userInThread',
    'chat.message-list-minute-rate': 'userInThread',
    'chat.message-list-thread-rate': 'thread',
    'chat.message-list-thread-minute-rate': 'thread',
  },
  listReceipts: { 'chat.receipt-list-rate': 'userInThread', 'chat.receipt-list-thread-rate': 'thread' },
  sendReceipt: { 'chat.receipt-send-rate': 'userInThread', 'chat.receipt-send-minute-rate': 'userInThread' },
  type: {
    'chat.typing-rate': 'userInThread',
    'chat.typing-minute-rate': 'userInThread',
    'chat.typing-thread-rate': 'thread',
    'chat.typing-thread-minute-rate': 'thread',
  },
} as const satisfies Readonly<Record<string, Partial<Record<RateName, Per>>>>;

export type RatedCall = keyof typeof RATES;

/** @throws ApiError 429 when a rate of this kind of call is used up; it is not counted then */
export function takeRate(rates: RateLimiter, caller: ChatCaller, rated: { readonly call: RatedCall; readonly threadId: string }): void {
  const user = `${caller.resource.id} ${caller.identity}`;
  const keys: Readonly<Record<Per, string>> = { user, thread: rated.threadId, userInThread: `${user} ${rated.threadId}` };
  // Keys of the table above.
  const counted = Object.entries<Per>(RATES[rated.call]).map(([name, per]) => ({ name: name as RateName, key: keys[per] }));
  rates.takeAll(caller.resource.limits, counted);
}
