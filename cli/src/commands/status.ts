import type { Command } from 'commander';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';

export function addStatus(program: Command): void {
  addTarget(program.command('status').description('show what the running server says of itself'))
    .option('--json', 'as JSON')
    .action(async (options: TargetOptions & { readonly json?: boolean }) => {
      const status = await askAdmin<Record<string, unknown>>(findServer(options), '/admin/status');
      if (options.json === true) process.stdout.write(`${JSON.stringify(status)}\n`);
      else for (const [name, value] of Object.entries(status)) process.stdout.write(`${name.padEnd(16)} ${String(value)}\n`);
    });
}
