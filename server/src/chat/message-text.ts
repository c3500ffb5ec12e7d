import type { Limits } from '../limits/index.ts';
import type { MessageType } from './content.ts';
import { chatErrors } from './errors.ts';
import { sanitizeMessageHtml } from './sanitize.ts';

/** @throws ApiError 400 for an empty text, or one longer than the limit */
export function checkMessageText(text: string, context: { readonly limits: Limits; readonly target: string }): void {
  if (text === '') throw chatErrors.invalid(context.target, 'must not be empty');
  context.limits.atMost('chat.message-bytes', Buffer.byteLength(text), context.target);
}

/** The text as it is stored. */
export function cleanedText(text: string, type: MessageType): string {
  return type === 'html' ? sanitizeMessageHtml(text) : text;
}
