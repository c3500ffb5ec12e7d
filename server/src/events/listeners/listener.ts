import type { Timers } from '../../lib/timers.ts';
import { Waiters } from '../../lib/waiters.ts';
import type { AttemptResult, Delivery, Endpoint } from '../delivery/attempt.ts';
import { type Notification, notificationOf, resultOf } from '../delivery/notification.ts';
import type { Subscription } from '../subscriptions/subscription.ts';

/** An attempt that waits to be fetched or answered. */
interface Pending {
  readonly id: string;
  readonly notification: Notification;
  readonly settle: (result: AttemptResult) => void;
  isFetched: boolean;
}

export interface ListenerAnswer {
  /** Undefined when whoever was asked did not answer. */
  readonly status: number | undefined;
  readonly detail: string;
}

/** As for webhooks. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Between two calls of a listener that is there. */
const LONGEST_SILENCE_MS = 5_000;
/** Timers may be early by a part of a millisecond. */
const TIMER_SLACK_MS = 10;
/** Calls that may wait at once. */
const MOST_WAITING = 8;
const NOBODY: AttemptResult = { outcome: 'Disabled', detail: 'nobody listens' };

/** An endpoint that fetches its deliveries: each attempt waits here until it is fetched and answered. */
export class Listener implements Endpoint {
  readonly subscription: Subscription;
  readonly #timers: Timers;
  /** As many as its lane attempts at once. */
  readonly #pending = new Map<string, Pending>();
  readonly #fetchers: Waiters<Pending>;
  #lastSeenMs: number;
  #fetching = 0;

  constructor(subscription: Subscription, timers: Timers) {
    this.subscription = subscription;
    this.#timers = timers;
    this.#fetchers = new Waiters({ timers, capacity: MOST_WAITING });
    this.#lastSeenMs = timers.monotonicMs();
  }

  /** Whether somebody waits for deliveries. */
  get isAsked(): boolean {
    return this.#fetching > 0;
  }

  /** How long nobody has asked. */
  get silentMs(): number {
    return this.#fetching > 0 ? 0 : this.#timers.monotonicMs() - this.#lastSeenMs;
  }

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const answered = Promise.withResolvers<AttemptResult>();
    const id = (batch[0] as Delivery).id;
    const pending: Pending = { id, notification: notificationOf(this.subscription, batch), settle: answered.resolve, isFetched: false };
    const waits = [
      this.#timers.after(ANSWER_TIMEOUT_MS, () => answered.resolve(this.#unanswered(pending))),
      // Somebody who has gone for a moment only gets it; for nobody at all neither an attempt nor a virtual clock waits long.
      this.#timers.after(Math.max(0, LONGEST_SILENCE_MS - this.silentMs), () => {
        if (!pending.isFetched && this.#isGone()) answered.resolve(NOBODY);
      }),
    ];
    this.#pending.set(id, pending);
    this.#fetchers.offer(pending);
    try {
      return await answered.promise;
    } finally {
      for (const wait of waits) wait.cancel();
      this.#pending.delete(id);
    }
  }

  /** What is to be delivered and was not fetched yet; waits for the first. */
  async fetch({
    waitMs,
    whenOver,
  }: {
    readonly waitMs: number;
    readonly whenOver: (end: () => void) => void;
  }): Promise<readonly Pending[]> {
    this.#fetching += 1;
    try {
      if (waitMs > 0 && !this.#unfetched().next().value) await this.#fetchers.wait(() => true, { waitMs, whenOver });
    } finally {
      this.#fetching -= 1;
      this.#lastSeenMs = this.#timers.monotonicMs();
    }
    const fetched = [...this.#unfetched()];
    for (const pending of fetched) pending.isFetched = true;
    return fetched;
  }

  /** @returns false when no such attempt waits for an answer (any more) */
  answer(id: string, { status, detail }: ListenerAnswer): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    pending.settle(status === undefined ? { outcome: 'SocketError', detail } : resultOf({ status, text: detail }));
    return true;
  }

  close(): void {
    this.#fetchers.close();
    for (const { settle } of this.#pending.values()) settle({ outcome: 'Disabled', detail: 'the listener was closed' });
  }

  *#unfetched(): Generator<Pending, undefined> {
    for (const pending of this.#pending.values()) if (!pending.isFetched) yield pending;
    return undefined;
  }

  #unanswered({ isFetched }: Pending): AttemptResult {
    if (isFetched) return { outcome: 'TimedOut', detail: `the listener did not answer within ${ANSWER_TIMEOUT_MS / 1000} s` };
    return this.#isGone() ? NOBODY : { outcome: 'Disabled', detail: 'the listener does not keep up' };
  }

  #isGone(): boolean {
    return this.silentMs > LONGEST_SILENCE_MS - TIMER_SLACK_MS;
  }
}
