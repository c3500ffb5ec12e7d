import type { Timer, Timers } from '../../lib/timers.ts';
import type { ResourceStorage } from '../../storage/index.ts';
import type { Carrier, CarriedMessage, Submission } from '../carriers/carrier.ts';
import type { StoredMessage } from '../message.ts';
import { referenceOf } from '../message-number.ts';
import { segmentsOf } from '../text/segments.ts';
import { backOffMs } from './back-off.ts';
import { Outcomes, type OutcomesOptions } from './outcomes.ts';
import { TurnsOfPhones } from './turns-of-phones.ts';

/** What becomes of a message that a carrier may or may not have taken. */
export type InDoubt = 'at-least-once' | 'at-most-once';

/** What all lanes share. */
export interface LaneGround extends Omit<OutcomesOptions, 'name' | 'onNoted'> {
  readonly storage: ResourceStorage;
  readonly inDoubt: InDoubt;
  readonly timers: Timers;
}

export interface LaneOptions extends LaneGround {
  readonly name: string;
  readonly carrier: Carrier;
}

/** Messages in memory, some kilobytes each; more wait in the store. */
const MOST_HELD = 1_000;
const READ_AT_ONCE = 250;
/** Pause after the store could not be read. */
const STORE_PAUSE_MS = 1_000;
const LOST = 'The server ended while it handed the message to its carrier; whether the carrier has it is not known';

/**
 * What waits for one carrier, in the order of sending. Messages come from the request that stored them, or from the store after a
 * restart or an overflow. A phone gets one message at a time; a carrier that takes nothing is left alone for a while, and asked again.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #outcomes: Outcomes;
  readonly #turns = new TurnsOfPhones<StoredMessage>();
  /** Numbers of all that is in memory: waiting, on its way, or taken and not yet noted. */
  readonly #held = new Set<number>();
  /** Rows that wait, in memory or not. */
  #count = 0;
  #inFlight = 0;
  #hasStored = false;
  #reading: Promise<void> | undefined;
  /** Up to where the store was read. */
  #readUpTo = 0;
  #pause: Timer | undefined;
  #failures = 0;
  /** Grows when everything stored is replaced. */
  #epoch = 0;
  #isClosed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#outcomes = new Outcomes({ ...options, onNoted: (message) => this.#noted(message) });
  }

  /** How many wait. */
  get size(): number {
    return this.#count;
  }

  /** Whether there are messages that the carrier may call by names which are not known yet. */
  get isSubmitting(): boolean {
    return this.#inFlight > 0 || this.#outcomes.unknownIds > 0;
  }

  /** Whether anything can be handed over, or is being. */
  get isBusy(): boolean {
    return !this.#isIdle();
  }

  /** Begins with what waits in the store. */
  async start(): Promise<void> {
    const { storage, store, name } = this.#options;
    this.#count = await store.countWaiting(storage.read, name);
    this.#hasStored = this.#count > 0;
    this.pump();
  }

  /** Takes a message that is durable. */
  offer(message: StoredMessage): void {
    this.#count += 1;
    if (this.#held.size >= MOST_HELD) {
      this.#hasStored = true;
      this.#readUpTo = Math.min(this.#readUpTo, message.no - 1);
    } else this.#hold(message);
    this.pump();
  }

  /** A message waits no more. */
  left({ no }: StoredMessage): void {
    this.#count -= 1;
    this.#held.delete(no);
    this.pump();
  }

  /** The carrier takes messages again. */
  ready(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
    this.pump();
  }

  /** Resolves when nothing waits, or nothing can be handed over for now. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Everything stored was replaced: what is known of it, and what comes of what is under way, counts no more. */
  forget(): void {
    this.#epoch += 1;
    this.#turns.clear();
    this.#held.clear();
    this.#count = 0;
    this.#inFlight = 0;
    this.#hasStored = false;
    this.#readUpTo = 0;
    this.#failures = 0;
    this.ready();
  }

  /** Begins nothing more, and ends what the carrier does. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.cancel();
    this.#settle();
    await this.#options.carrier.close();
  }

  /** Hands over what can be. */
  pump(): void {
    while (this.#goesOn() && this.#inFlight < this.#options.carrier.window) {
      const message = this.#turns.take();
      if (message === undefined) break;
      if (!this.#isAwaited(message)) this.#turns.release(message);
      else void this.#hand(message);
    }
    if (this.#goesOn() && this.#hasStored && this.#held.size + READ_AT_ONCE <= MOST_HELD) this.#reading ??= this.#read();
    this.#settle();
  }

  #goesOn(): boolean {
    return !this.#isClosed && this.#pause === undefined && !this.#options.notes.isPaused;
  }

  #noted(message: StoredMessage): void {
    this.#turns.release(message);
    this.pump();
  }

  #isIdle(): boolean {
    if (this.#inFlight > 0 || this.#reading !== undefined) return false;
    return !this.#goesOn() || (this.#turns.size === 0 && !this.#hasStored);
  }

  #settle(): void {
    if (!this.#isIdle()) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  #hold(message: StoredMessage): void {
    this.#held.add(message.no);
    this.#turns.add(message);
  }

  /** Not so when its time is over, which others see to. */
  #isAwaited({ no, progress }: StoredMessage): boolean {
    return this.#held.has(no) && (progress.dueAtMs ?? 0) > this.#options.clock.now();
  }

  async #read(): Promise<void> {
    const { storage, store, name, log } = this.#options;
    const epoch = this.#epoch;
    const afterNo = this.#readUpTo;
    try {
      const found = await store.waiting(storage.read, name, { afterNo, limit: READ_AT_ONCE });
      if (epoch !== this.#epoch) return;
      // Unless something before it came meanwhile.
      if (this.#readUpTo === afterNo) {
        this.#readUpTo = found.at(-1)?.no ?? afterNo;
        this.#hasStored = found.length === READ_AT_ONCE;
      }
      for (const message of found) this.#resume(message);
    } catch (error) {
      log.warn({ err: error, carrier: name }, 'waiting messages could not be read; that is tried again');
      this.#rest(STORE_PAUSE_MS);
    } finally {
      this.#reading = undefined;
      if (epoch === this.#epoch) this.pump();
    }
  }

  #resume(message: StoredMessage): void {
    if (this.#held.has(message.no)) return;
    if (message.progress.state !== 'submitting') return this.#hold(message);
    this.#held.add(message.no);
    this.#outcomes.givenUp(message, LOST);
  }

  async #hand(message: StoredMessage): Promise<void> {
    const epoch = this.#epoch;
    this.#inFlight += 1;
    if (this.#options.inDoubt === 'at-most-once') await this.#outcomes.mark(message, 'submitting');
    if (epoch !== this.#epoch) return;
    const submission = await this.#submit(message);
    if (epoch !== this.#epoch) return;
    this.#inFlight -= 1;
    switch (submission.kind) {
      case 'accepted':
        this.#cameThrough();
        this.#outcomes.accepted(message, submission);
        break;
      case 'refused':
        this.#cameThrough();
        this.#outcomes.refused(message, submission.failure);
        break;
      case 'later':
        this.#putOff(message, submission);
        break;
      case 'unknown':
        if (this.#options.inDoubt === 'at-least-once') this.#putOff(message, { ...submission, reason: 'down' });
        else this.#outcomes.givenUp(message, `Whether the carrier has the message is not known: ${submission.detail}`);
    }
    this.pump();
  }

  async #submit(message: StoredMessage): Promise<Submission> {
    const { carrier, name, log } = this.#options;
    try {
      return await carrier.submit(carriedOf(message));
    } catch (error) {
      log.error({ err: error, carrier: name }, 'a carrier failed inside the server');
      return { kind: 'unknown', detail: 'the server failed; its log says more' };
    }
  }

  #putOff(
    message: StoredMessage,
    { reason, detail, afterMs }: Pick<Extract<Submission, { kind: 'later' }>, 'reason' | 'detail' | 'afterMs'>,
  ): void {
    const { log, name, inDoubt } = this.#options;
    this.#turns.putBack(message);
    if (inDoubt === 'at-most-once') void this.#outcomes.mark(message, 'queued');
    // Several may come back at once.
    if (this.#pause !== undefined) return;
    this.#failures += 1;
    if (this.#failures === 1) log.warn({ carrier: name, reason, detail }, 'a carrier takes no messages; they wait for it');
    this.#rest(afterMs ?? backOffMs(this.#failures));
  }

  #cameThrough(): void {
    const { log, name } = this.#options;
    if (this.#failures > 0) log.info({ carrier: name, waiting: this.#count }, 'a carrier takes messages again');
    this.#failures = 0;
  }

  #rest(forMs: number): void {
    this.#pause ??= this.#options.timers.after(forMs, () => this.ready());
  }
}

function carriedOf({ no, from, to, text, progress }: StoredMessage): CarriedMessage {
  const { encoding, segments } = segmentsOf(text);
  return { no, from, to, encoding, segments, reference: referenceOf(no), isFlash: false, expiresAtMs: progress.dueAtMs ?? 0 };
}
