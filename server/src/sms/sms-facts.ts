import type { StoredMessage } from './message.ts';
import type { ReceivedMessage } from './received-message.ts';

/** What happens to messages on their way out. */
export interface OutgoingFact {
  /**
   * `sent`: it was accepted, and may have ended with that. `left`: its carrier has it, or will never get it. `concluded`: what became of it is
   * known, for ever.
   */
  readonly kind: 'sent' | 'left' | 'concluded';
  readonly message: StoredMessage;
}

export type SmsFact = OutgoingFact | { readonly kind: 'received'; readonly received: ReceivedMessage };

/** Hears of every fact once, after it is durable. */
export type SmsFactListener = (fact: SmsFact) => void;
