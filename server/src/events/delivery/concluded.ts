import type { AttemptResult, Delivery, LastAttempt } from './attempt.ts';
import type { Conclusion } from './conclusions.ts';
import type { LaneOptions } from './lane-options.ts';
import { afterFailure } from './retry-schedule.ts';

/** What follows from an attempt. */
export function concluded(
  { store, clock, random, subscription, endpoint, events, onLater, deadLetters }: LaneOptions,
  delivery: Delivery,
  { result, atMs }: { readonly result: AttemptResult; readonly atMs: number },
): Conclusion {
  const { id, publishedAtMs } = delivery;
  if (result.outcome === 'Delivered') return { delivery, isOver: true };
  const attempts = delivery.attempts + 1;
  const isAzureResource = endpoint.isAzureResource ?? false;
  const next = afterFailure({ result, attempts, publishedAtMs, nowMs: clock.now(), isAzureResource }, subscription.retry, random);
  const last: LastAttempt = { atMs, outcome: result.outcome };
  if (next.kind === 'giveUp') return givenUp({ deadLetters, subscription }, { ...delivery, attempts, last }, next.reason);
  const { atMs: dueAtMs } = next;
  return {
    delivery,
    isOver: false,
    write: (tx) => store.postpone(tx, { id, dueAtMs, attempts, lastAttemptAtMs: atMs, lastOutcome: last.outcome }),
    then: () => {
      events.postponed(id, dueAtMs);
      onLater(dueAtMs);
    },
  };
}

/** The end of a delivery without success. */
export function givenUp(
  { deadLetters, subscription }: Pick<LaneOptions, 'deadLetters' | 'subscription'>,
  delivery: Delivery,
  reason: string,
): Conclusion {
  const letter = deadLetters.letterOf(subscription, delivery, reason);
  return {
    delivery,
    isOver: true,
    write: (tx) => letter.put(tx),
    then: letter.told,
  };
}
