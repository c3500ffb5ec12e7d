/** Time of a process that runs as usual and can be moved forward: for code that knows only `Date` and `setTimeout`. */
export interface SteppedTime {
  /** Moves the clock forward and fires the timers that are due by then, in their order. */
  advance(byMs: number): void;
}

interface Pending {
  dueMs: number;
  timer: NodeJS.Timeout;
  readonly run: () => void;
}

const real = { Date: globalThis.Date, setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

/** Replaces the clock and the one-shot timers of this process. What was loaded before keeps what it took. */
export function installSteppedTime(): SteppedTime {
  const pending = new Map<unknown, Pending>();
  let aheadMs = 0;
  const nowMs = (): number => real.Date.now() + aheadMs;

  function start(handler: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): NodeJS.Timeout {
    const run = (): void => {
      pending.delete(handle);
      handler(...args);
    };
    const handle = real.setTimeout(run, delayMs);
    pending.set(handle, { dueMs: nowMs() + delayMs, timer: handle, run });
    return handle;
  }

  function clear(handle: unknown): void {
    const entry = pending.get(handle);
    pending.delete(handle);
    // What this did not start, Node started.
    real.clearTimeout(entry?.timer ?? (handle as NodeJS.Timeout | undefined));
  }

  globalThis.Date = steppedDate(nowMs);
  globalThis.setTimeout = start as unknown as typeof setTimeout;
  globalThis.clearTimeout = clear;

  return {
    advance: (byMs) => {
      aheadMs += byMs;
      for (const entry of [...pending.values()].sort((a, b) => a.dueMs - b.dueMs)) {
        real.clearTimeout(entry.timer);
        entry.timer = real.setTimeout(entry.run, Math.max(0, entry.dueMs - nowMs()));
      }
    },
  };
}

function steppedDate(nowMs: () => number): DateConstructor {
  return new Proxy(real.Date, {
    construct: (target, args: ConstructorParameters<DateConstructor> | []) =>
      args.length === 0 ? new target(nowMs()) : new target(...args),
    get: (target, name) => (name === 'now' ? nowMs : (Reflect.get(target, name) as unknown)),
  });
}
