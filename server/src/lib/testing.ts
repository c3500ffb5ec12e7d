import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { Log } from './log.ts';
import type { Random } from './random.ts';
import type { Timer, Timers } from './timers.ts';

/** What tests of every folder share: time, chance and logs that do what the test says. */

interface Waiting {
  readonly atMs: number;
  readonly order: number;
  readonly periodMs: number | undefined;
  readonly action: () => void;
}

/** Timers that pass when the test says so, in the order of their times. */
export class ManualTimers implements Timers {
  #nowMs = 0;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Timer {
    return this.#add({ atMs: this.#nowMs + delayMs, periodMs: undefined, action });
  }

  every(periodMs: number, action: () => void): Timer {
    return this.#add({ atMs: this.#nowMs + periodMs, periodMs, action });
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#first(untilMs); next !== undefined; next = this.#first(untilMs)) {
      this.#waiting.delete(next);
      this.#nowMs = next.atMs;
      if (next.periodMs !== undefined) this.#waiting.add({ ...next, atMs: next.atMs + next.periodMs });
      next.action();
    }
    this.#nowMs = untilMs;
  }

  #add(waiting: Omit<Waiting, 'order'>): Timer {
    const order = this.#order++;
    this.#waiting.add({ ...waiting, order });
    return {
      cancel: () => {
        for (const entry of this.#waiting) if (entry.order === order) this.#waiting.delete(entry);
      },
    };
  }

  #first(untilMs: number): Waiting | undefined {
    const due = [...this.#waiting].filter((entry) => entry.atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

/** The same bytes in every run, and never the same twice. */
export class RepeatableRandom implements Random {
  readonly #seed: string;
  #count = 0;

  constructor(seed = 'seed') {
    this.#seed = seed;
  }

  bytes(length: number): Buffer {
    this.#count += 1;
    return createHash('shake256', { outputLength: length }).update(`${this.#seed} ${this.#count}`).digest();
  }
}

/** A log whose lines can be looked at. */
export function recordingLog(): { readonly log: Log; readonly lines: readonly string[] } {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }) };
}
