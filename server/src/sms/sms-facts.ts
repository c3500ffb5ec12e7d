import type { StoredMessage } from './message.ts';

/** What happens to messages. */
export type SmsFact =
  /** It was accepted; it may have ended with that. */
  | { readonly kind: 'sent'; readonly message: StoredMessage }
  /** Its carrier has it, or will never get it. */
  | { readonly kind: 'left'; readonly message: StoredMessage }
  /** What became of it is known, for ever. */
  | { readonly kind: 'concluded'; readonly message: StoredMessage };

/** Hears of every fact once, after it is durable. */
export type SmsFactListener = (fact: SmsFact) => void;
