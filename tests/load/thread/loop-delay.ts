import type { Inspector } from '../clients/inspector.ts';

/** How late the server's event loop ran its timers, in ms. */
export interface LoopDelay {
  readonly maxMs: number;
  readonly p99Ms: number;
}

/** A name of its own in the server's global scope. */
const monitor = 'globalThis.__benchLoopDelay';

/** Watches a server's event loop from the inside while `work` runs. The resolution of 1 ms is part of the values. */
export async function loopDelayDuring(inspector: Inspector, work: () => Promise<unknown>): Promise<LoopDelay> {
  await inspector.evaluate(
    `${monitor} = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 1 }); ${monitor}.enable()`,
  );
  try {
    await work();
  } finally {
    await inspector.evaluate(`${monitor}.disable()`);
  }
  return inspector.evaluate<LoopDelay>(`({ maxMs: ${monitor}.max / 1e6, p99Ms: ${monitor}.percentile(99) / 1e6 })`);
}
