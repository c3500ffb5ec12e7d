import type { Command } from 'commander';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';

export function addReset(program: Command): void {
  addTarget(program.command('reset').description('empty the server: everything is as after its first start, with the same keys')).action(
    async (options: TargetOptions) => {
      const run = findServer(options);
      await askAdmin(run, '/admin/reset', { method: 'POST' });
      process.stdout.write(`reset ${run.endpoint}\n`);
    },
  );
}
