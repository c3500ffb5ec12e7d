import type { Command } from 'commander';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';

interface Clock {
  readonly kind: string;
  readonly now: string;
}

export function addClock(program: Command): void {
  const clock = program.command('clock').description('show the time as the server sees it, and move a virtual clock');
  // The default, so that plain `switchboard clock` shows the time.
  addTarget(clock.command('show', { isDefault: true }).description('show the time'))
    .option('--json', 'as JSON')
    .action(async (options: TargetOptions & { readonly json?: boolean }) => {
      const shown = await askAdmin<Clock>(findServer(options), '/admin/clock');
      if (options.json === true) process.stdout.write(`${JSON.stringify(shown)}\n`);
      else print(shown);
    });

  addTarget(clock.command('advance').description('move a virtual clock forward, and wait until all work due by then is done'))
    .argument('<BY>', 'a span such as 31d, 15m or P31D, or a time to move to such as 2030-01-31T12:00:00Z')
    .action(async (by: string, options: TargetOptions) => {
      const body = /^\d{4}-/.test(by) ? { to: by } : { by };
      print(await askAdmin<Clock>(findServer(options), '/admin/clock:advance', { method: 'POST', body }));
    });

  addTarget(clock.command('set').description('set a virtual clock, backwards too'))
    .argument('<TIME>', 'such as 2030-01-31T12:00:00Z')
    .action(async (to: string, options: TargetOptions) => {
      print(await askAdmin<Clock>(findServer(options), '/admin/clock:set', { method: 'POST', body: { to } }));
    });
}

function print({ kind, now }: Clock): void {
  process.stdout.write(`${now} (${kind})\n`);
}
