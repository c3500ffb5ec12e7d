import type { ChatCaller } from './chat-caller.ts';
import { chatErrors } from './errors.ts';

/** The permission matrix of ACS: which scopes suffice for which kind of operation. */
const MATRIX = {
  /** Create, update and delete threads. */
  manageThreads: ['chat'],
  /** Add and remove participants. */
  manageParticipants: ['chat', 'chat.join'],
  /** Read, send, edit and delete own messages, receipts, typing, live events. */
  takePart: ['chat', 'chat.join', 'chat.join.limited'],
} as const;

/** @throws ApiError 403 naming the missing scope */
export function requireScope(token: ChatCaller, right: keyof typeof MATRIX): void {
  const needed = MATRIX[right];
  if (!needed.some((scope) => token.scopes.has(scope))) throw chatErrors.wrongScope(needed, token.scopes);
}
