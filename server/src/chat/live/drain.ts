import type { Timers } from '../../lib/timers.ts';
import type { LiveConnection } from './live-connection.ts';

export interface DrainOptions {
  readonly timers: Timers;
  /** Those that are to move. */
  readonly connections: readonly LiveConnection[];
  /** How long they may take. */
  readonly durationMs: number;
}

const STEP_MS = 50;

/**
 * Asks live connections to move to another node while their old ones stand. They are asked one after the other over the
 * first half of the time, so that they do not arrive all at once; the second half is for the last ones to get there.
 * Resolves when the time is over: a client keeps its old connection for a minute, so nothing tells when it has moved.
 */
export function drain({ timers, connections, durationMs }: DrainOptions): Promise<void> {
  const startedMs = timers.monotonicMs();
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  const step = (): void => {
    const elapsedMs = timers.monotonicMs() - startedMs;
    const due = Math.ceil(connections.length * Math.min(1, elapsedMs / (durationMs / 2)));
    for (; asked < due; asked += 1) connections[asked]?.askToRenew();
  };
  const stepping = timers.every(STEP_MS, step);
  timers.after(durationMs, () => {
    stepping.cancel();
    step();
    resolve();
  });
  return promise;
}
