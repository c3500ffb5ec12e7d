import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import type { RunFile } from '@switchboard/server/config';
import { addTarget, findServer, isAlive, type TargetOptions } from '../server-client.ts';

const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 10_000;

export function addStop(program: Command): void {
  addTarget(program.command('stop').description('stop the running server cleanly, and wait until it has ended')).action(
    async (options: TargetOptions) => {
      const run = findServer(options);
      const { pid, endpoint } = run;
      const longestMs = longestStopMs(run);
      process.kill(pid, 'SIGTERM');
      for (let waitedMs = 0; isAlive(pid); waitedMs += LOOK_AGAIN_MS) {
        if (waitedMs >= longestMs)
          throw new CommandError(`process ${pid} did not stop within ${longestMs / 1000} s; it is told, and may still`);
        await sleep(LOOK_AGAIN_MS);
      }
      process.stdout.write(`stopped ${endpoint}\n`);
    },
  );
}

/** How long a server may take to stop: what it was told to drain, and then its clean end. */
export function longestStopMs({ drainMs = 0 }: Pick<RunFile, 'drainMs'>): number {
  return drainMs + PATIENCE_MS;
}
