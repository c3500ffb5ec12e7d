import { VirtualClock, type Clock } from '../lib/clock.ts';
import { parseDuration } from '../lib/duration.ts';
import type { DueWork } from '../storage/index.ts';
import { adminErrors } from './errors.ts';

/** What else happens at its time. */
interface Timely {
  /** Resolves when nothing is due any more. */
  idle(): Promise<void>;
}

interface ClockControlOptions {
  readonly clock: Clock;
  readonly due: DueWork;
  /** Deliveries of events. */
  readonly deliveries: Timely;
  /** Text messages on their way. */
  readonly sms: Timely;
}

/** Moves the virtual clock, and answers when all work due by the new time has run. */
export class ClockControl {
  readonly #options: ClockControlOptions;

  constructor(options: ClockControlOptions) {
    this.#options = options;
  }

  describe(): { kind: string; now: string } {
    const { clock } = this.#options;
    return { kind: clock.kind, now: new Date(clock.now()).toISOString() };
  }

  /** @throws ApiError 409 for a real clock, 400 for a time that is not understood or lies in the past */
  async advance({ by, to }: { readonly by?: string | null | undefined; readonly to?: string | null | undefined }): Promise<void> {
    const clock = this.#virtual();
    const target = this.#target(by ?? undefined, to ?? undefined);
    if (target < clock.now()) throw adminErrors.backwards();
    // Work scheduled a moment ago must be on the clock before it moves.
    await this.#settle();
    await clock.advanceTo(target);
    await this.#settle();
  }

  async set(to: string): Promise<void> {
    const clock = this.#virtual();
    await clock.set(timeOf(to));
    await this.#settle();
  }

  /** Due work and messages may publish events, which are delivered at the time they were published. */
  async #settle(): Promise<void> {
    const { due, sms, deliveries } = this.#options;
    await due.runDue();
    await sms.idle();
    await deliveries.idle();
  }

  #target(by: string | undefined, to: string | undefined): number {
    if ((by === undefined) === (to === undefined)) throw adminErrors.badTime('by', by ?? '');
    if (to !== undefined) return timeOf(to);
    const span = parseDuration(by ?? '');
    if (span === undefined || !Number.isFinite(span)) throw adminErrors.badTime('by', by ?? '');
    return checked(this.#options.clock.now() + span, 'by', by ?? '');
  }

  #virtual(): VirtualClock {
    const { clock } = this.#options;
    if (!(clock instanceof VirtualClock)) throw adminErrors.realClock();
    return clock;
  }
}

/** Farther than any date can be told on the wire. */
const LATEST_MS = Date.UTC(9999, 0);

function timeOf(text: string): number {
  return checked(/^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN, 'to', text);
}

function checked(ms: number, target: string, text: string): number {
  if (!(ms >= 0 && ms < LATEST_MS)) throw adminErrors.badTime(target, text);
  return ms;
}
