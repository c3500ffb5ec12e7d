import type { Alarm, Clock } from '../../lib/clock.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { Turns } from '../../lib/turns.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import type { Delivery } from '../delivery/attempt.ts';
import type { Leases } from '../delivery/leases.ts';
import type { EventLog } from '../log/event-log.ts';
import type { DeadLetterStore, WaitingLetter } from '../outbox/dead-letter-store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { type DeadLetter, deadLetterEnvelope, deadLetterPath, type DeadLetterPlace } from './dead-letter.ts';

export interface DeadLettersOptions {
  readonly storage: Storage;
  readonly store: DeadLetterStore;
  readonly leases: Leases;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly log: Log;
  /** From the last attempt to the dead letter. */
  readonly delayMs: number;
  /** Where a subscription wants them kept; undefined when it does not. */
  readonly placeOf: (subscription: Subscription) => DeadLetterPlace | undefined;
  readonly subscriptionOf: (id: string) => Subscription | undefined;
  readonly onOrphans: (subscriptionId: string) => Promise<void>;
}

/** How long they are kept here while their place cannot be written to (wire/event-grid.md 4). */
const KEPT_MS = 4 * 3_600_000;
const RETRY_MS = 60_000;
/** Events in one file; each has up to a megabyte. */
const AT_ONCE = 16;
/** Places written to at once: one that hangs holds up no other. */
const WRITERS = 16;

/** The subscription was changed, and wants none any more. */
const NO_PLACE: DeadLetterPlace = { write: () => Promise.reject(new Error('the subscription has no place for them any more')) };

/** Events that could not be delivered, on their way to where their subscription wants them kept. */
export class DeadLetters {
  readonly #options: DeadLettersOptions;
  readonly #turns = new Turns(WRITERS);
  /** When the next one of a subscription is due. */
  readonly #dueMs = new Map<string, number>();
  readonly #writing = new Map<string, Promise<void>>();
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #isClosed = false;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /**
   * What is to be done with an event that is given up.
   *
   * @returns `put` for the transaction that removes its delivery, `told` for when that is on disk
   */
  letterOf(
    subscription: Subscription,
    { id, event, attempts, publishedAtMs, last }: Delivery,
    reason: string,
  ): { readonly put: (tx: Transaction) => Promise<void>; readonly told: () => void } {
    const { clock, delayMs, placeOf, store, events } = this.#options;
    if (placeOf(subscription) === undefined)
      return { put: () => Promise.resolve(), told: () => events.gaveUp(id, { reason, state: 'dropped' }) };
    const dueAtMs = (last?.atMs ?? clock.now()) + delayMs;
    const letter: WaitingLetter = { id, event, reason, attempts, publishedAtMs, last, dropAtMs: dueAtMs + KEPT_MS };
    return {
      put: (tx) => store.insert(tx, { subscriptionId: subscription.id, letter, dueAtMs }),
      told: () => {
        events.gaveUp(id, { reason, state: 'waiting', nextAttemptAtMs: dueAtMs });
        this.#expect(subscription.id, dueAtMs);
      },
    };
  }

  /** Finds what waits in the store. */
  async start(): Promise<void> {
    const { storage, store, subscriptionOf, onOrphans } = this.#options;
    this.#dueMs.clear();
    for await (const id of store.waiting.subscriptions(storage.read)) {
      if (subscriptionOf(id) === undefined) await onOrphans(id);
      else await this.#expectNext(id);
    }
  }

  /** Resolves when none is due any more. */
  async idle(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing.values());
  }

  /** Begins nothing more. A file that is being written is written again at the next start. */
  close(): void {
    this.#isClosed = true;
    this.#alarm?.alarm.cancel();
  }

  async #expectNext(subscriptionId: string): Promise<void> {
    const { storage, store } = this.#options;
    const dueMs = await store.firstDueMs(storage.read, subscriptionId);
    if (dueMs !== undefined) this.#expect(subscriptionId, dueMs);
  }

  #expect(subscriptionId: string, dueMs: number): void {
    this.#dueMs.set(subscriptionId, Math.min(dueMs, this.#dueMs.get(subscriptionId) ?? Infinity));
    this.#arm(dueMs);
  }

  #arm(atMs: number): void {
    if (this.#isClosed || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = { atMs, alarm: this.#options.clock.alarm(atMs, () => this.#onAlarm()) };
  }

  async #onAlarm(): Promise<void> {
    this.#alarm = undefined;
    const nowMs = this.#options.clock.now();
    let laterMs = Infinity;
    const begun: Promise<void>[] = [];
    for (const [id, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) laterMs = Math.min(laterMs, dueMs);
      else begun.push(this.#begin(id));
    }
    if (laterMs !== Infinity) this.#arm(laterMs);
    // A virtual clock goes on when what was due has been written.
    await Promise.all(begun);
  }

  #begin(subscriptionId: string): Promise<void> {
    this.#dueMs.delete(subscriptionId);
    const before = this.#writing.get(subscriptionId) ?? Promise.resolve();
    const writing = before
      .then(() => this.#turns.run(() => this.#writeDue(subscriptionId)))
      .finally(() => {
        if (this.#writing.get(subscriptionId) === writing) this.#writing.delete(subscriptionId);
      });
    this.#writing.set(subscriptionId, writing);
    return writing;
  }

  async #writeDue(subscriptionId: string): Promise<void> {
    const { storage, store, leases, clock, log, subscriptionOf } = this.#options;
    const { generation } = storage.state;
    const nowMs = clock.now();
    let problem: string | undefined;
    try {
      for (;;) {
        const subscription = subscriptionOf(subscriptionId);
        if (subscription === undefined || this.#isClosed || storage.state.generation !== generation) return;
        // Another process writes them, or none: then they are found again when this one looks.
        if (!leases.holds(subscriptionId) && !(await leases.take(subscriptionId))) return;
        const letters = await store.due(storage.read, subscriptionId, { nowMs, limit: AT_ONCE });
        if (letters.length === 0) break;
        // A place that took none is not asked for each of thousands: one that hangs would hold up those of others.
        problem ??= await this.#keep(subscription, letters);
        // The state that takes the place of this one may hold the same letters.
        if (storage.state.generation !== generation) return;
        await this.#note(subscription, letters, { nowMs, problem });
      }
      await this.#expectNext(subscriptionId);
    } catch (error) {
      if (this.#isClosed || storage.state.generation !== generation) return;
      log.warn({ err: error }, 'dead letters could not be read or noted; that is tried again');
      this.#expect(subscriptionId, clock.now() + RETRY_MS);
    }
  }

  /** @returns why they could not be kept */
  async #keep(subscription: Subscription, letters: readonly DeadLetter[]): Promise<string | undefined> {
    const { clock, log, placeOf } = this.#options;
    const { name, schema } = subscription;
    // Named after the first: written again, it takes its own place.
    const path = deadLetterPath(name, (letters[0] as DeadLetter).id, clock.now());
    try {
      const text = JSON.stringify(letters.map((letter) => deadLetterEnvelope(letter, schema)));
      await (placeOf(subscription) ?? NO_PLACE).write(path, text);
      return undefined;
    } catch (error) {
      const reason = messageOf(error);
      log.warn({ subscription: name, reason }, 'dead letters could not be kept');
      return reason;
    }
  }

  /** Notes what became of letters. @param problem why they could not be kept: they are tried again until their time is over */
  async #note(
    { name }: Subscription,
    letters: readonly WaitingLetter[],
    { nowMs, problem }: { readonly nowMs: number; readonly problem: string | undefined },
  ): Promise<void> {
    // A server that closes ends the calls that it makes: that says nothing of the place.
    if (problem !== undefined && this.#isClosed) return;
    const { storage, store, events, log } = this.#options;
    const isOver = ({ dropAtMs }: WaitingLetter): boolean => problem === undefined || dropAtMs <= nowMs;
    const retryAtMsOf = ({ dropAtMs }: WaitingLetter): number => Math.min(nowMs + RETRY_MS, dropAtMs);
    await storage.write(async (tx) => {
      for (const letter of letters)
        if (isOver(letter)) await store.remove(tx, letter.id);
        else await store.postpone(tx, letter.id, retryAtMsOf(letter));
    });
    const dropped = problem === undefined ? 0 : letters.filter(isOver).length;
    if (dropped > 0) log.warn({ subscription: name, dropped }, 'dead letters were dropped: for four hours their place took none');
    for (const letter of letters) {
      const { id, reason } = letter;
      if (problem === undefined) events.gaveUp(id, { reason, state: 'deadLettered' });
      else if (isOver(letter)) events.gaveUp(id, { reason, state: 'dropped', deadLetterProblem: problem });
      else events.gaveUp(id, { reason, state: 'waiting', nextAttemptAtMs: retryAtMsOf(letter), deadLetterProblem: problem });
    }
  }
}
