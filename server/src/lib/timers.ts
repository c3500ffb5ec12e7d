/** Monotonic waiting: heartbeats, I/O time-outs, protocol transactions. Always real in the server, faked in unit tests. */
export interface Timers {
  /** Milliseconds of a monotonic clock; only differences mean something. */
  monotonicMs(): number;
  /** Runs `action` once after `delayMs`. Never keeps the process alive by itself. */
  after(delayMs: number, action: () => void): Timer;
  /** Runs `action` every `periodMs`. Never keeps the process alive by itself. */
  every(periodMs: number, action: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export const realTimers: Timers = {
  monotonicMs: () => performance.now(),
  after(delayMs, action) {
    const handle = setTimeout(action, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(periodMs, action) {
    const handle = setInterval(action, periodMs);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};
