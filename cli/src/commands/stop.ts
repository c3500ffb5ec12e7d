import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { addTarget, findServer, isAlive, type TargetOptions } from '../server-client.ts';

const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 10_000;

export function addStop(program: Command): void {
  addTarget(program.command('stop').description('stop the running server cleanly, and wait until it has ended')).action(
    async (options: TargetOptions) => {
      const { pid, endpoint } = findServer(options);
      process.kill(pid, 'SIGTERM');
      for (let waitedMs = 0; isAlive(pid); waitedMs += LOOK_AGAIN_MS) {
        if (waitedMs >= PATIENCE_MS)
          throw new CommandError(`process ${pid} did not stop within ${PATIENCE_MS / 1000} s; one with --drain-time takes that long`);
        await sleep(LOOK_AGAIN_MS);
      }
      process.stdout.write(`stopped ${endpoint}\n`);
    },
  );
}
