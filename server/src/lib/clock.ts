import type { Timers } from './timers.ts';

/**
 * Wall time as the product sees it. It governs everything a caller can observe as "time": expiry, retention, quotas and
 * due work. Heartbeats, I/O time-outs and group commit use {@link Timers} instead, and the freshness of outside
 * signatures uses {@link realNow}, so that a standing or stepped clock breaks neither.
 */
export interface Clock {
  readonly kind: 'real' | 'virtual';
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Runs `action` once when the clock reaches `atMs`. A virtual clock runs alarms in order of their time while it is
   * advanced, and waits for a returned promise before it goes on.
   */
  alarm(atMs: number, action: AlarmAction): Alarm;
}

export type AlarmAction = () => void | Promise<void>;

export interface Alarm {
  cancel(): void;
}

/** Real time, for the freshness of signatures made outside of this process (HMAC dates, foreign JWTs, TLS). */
export function realNow(): number {
  return Date.now();
}

/** setTimeout fires at once for delays above 2^31 - 1 ms, so longer waits are cut into pieces. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** The clock of production: the machine's own wall time. */
export class RealClock implements Clock {
  readonly kind = 'real';
  readonly #timers: Timers;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  now(): number {
    return Date.now();
  }

  alarm(atMs: number, action: AlarmAction): Alarm {
    const wait = (): void => {
      const leftMs = atMs - this.now();
      if (leftMs > 0) timer = this.#timers.after(Math.min(leftMs, LONGEST_TIMER_MS), wait);
      else void action();
    };
    let timer = this.#timers.after(Math.min(Math.max(0, atMs - this.now()), LONGEST_TIMER_MS), wait);
    return { cancel: () => timer.cancel() };
  }
}

interface PendingAlarm {
  readonly atMs: number;
  readonly order: number;
  readonly action: AlarmAction;
}

/** A clock that stands still until it is told to move: `--clock virtual`. */
export class VirtualClock implements Clock {
  readonly kind = 'virtual';
  #nowMs: number;
  #order = 0;
  readonly #alarms = new Set<PendingAlarm>();
  #moving: Promise<void> = Promise.resolve();

  /** @param startMs milliseconds since the Unix epoch */
  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  alarm(atMs: number, action: AlarmAction): Alarm {
    const alarm: PendingAlarm = { atMs, order: this.#order++, action };
    this.#alarms.add(alarm);
    return { cancel: () => this.#alarms.delete(alarm) };
  }

  /**
   * Moves forward to `toMs`, running every alarm due by then at its own time; resolves when all of them have run.
   * Calls queue up behind each other. A time in the past is ignored: use {@link set} to go back.
   */
  advanceTo(toMs: number): Promise<void> {
    const moved = this.#moving.then(() => this.#run(toMs));
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  /** Jumps to `toMs`, backwards too, without running what lies between; alarms then due run at once. */
  set(toMs: number): Promise<void> {
    const moved = this.#moving.then(() => {
      this.#nowMs = toMs;
      return this.#run(toMs);
    });
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  async #run(toMs: number): Promise<void> {
    for (let next = this.#nextDue(toMs); next !== undefined; next = this.#nextDue(toMs)) {
      this.#alarms.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      await next.action();
    }
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  #nextDue(toMs: number): PendingAlarm | undefined {
    let first: PendingAlarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.atMs > toMs) continue;
      if (first === undefined || alarm.atMs < first.atMs || (alarm.atMs === first.atMs && alarm.order < first.order)) first = alarm;
    }
    return first;
  }
}
