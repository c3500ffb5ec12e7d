import type { EventSchema } from '@switchboard/contract';
import type { LastAttempt } from '../delivery/attempt.ts';
import { envelopeOf } from '../delivery/envelopes.ts';
import type { Event } from '../event.ts';

/** An event that was given up. */
export interface DeadLetter {
  /** That of its delivery. */
  readonly id: string;
  readonly event: Event;
  readonly reason: string;
  readonly attempts: number;
  readonly publishedAtMs: number;
  /** Undefined when its time was over before anything was attempted. */
  readonly last: LastAttempt | undefined;
}

/**
 * An event as dead letters show it: as it would have been delivered, with members that say what became of it
 * (wire/event-grid.md 4, "Retry and dead letter").
 */
export function deadLetterEnvelope({ event, reason, attempts, publishedAtMs, last }: DeadLetter, schema: EventSchema): object {
  const facts = {
    deadLetterReason: reason,
    deliveryAttempts: attempts,
    ...(last && { lastDeliveryOutcome: last.outcome }),
    publishTime: new Date(publishedAtMs).toISOString(),
    ...(last && { lastDeliveryAttemptTime: new Date(last.atMs).toISOString() }),
  };
  // What was published in a schema of the publisher's own is wrapped in an Event Grid envelope, which has it as its data.
  const envelope = envelopeOf(event, schema === 'CustomInputSchema' ? 'EventGridSchema' : schema) as object;
  return { ...envelope, ...(schema === 'CloudEventSchemaV1_0' ? inLowerCase(facts) : facts) };
}

/** Attributes of CloudEvents have no capitals (CloudEvents 1.0 section 3.1). */
function inLowerCase(facts: object): object {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name.toLowerCase(), value as unknown]));
}

/** Where a subscription's dead letters lie: by the hour (UTC) in which they were written, numbers without leading zeros. */
export function deadLetterPath(subscription: string, id: string, atMs: number): string {
  const at = new Date(atMs);
  const hour = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours()].join('/');
  return `${subscription.toUpperCase()}/${hour}/${id}.json`;
}

/** Keeps dead letters. */
export interface DeadLetterPlace {
  /** Writes a file, in the place of one of the same path. @throws Error that says why it could not */
  write(path: string, text: string): Promise<void>;
}
