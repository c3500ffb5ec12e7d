import type { Command } from 'commander';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';
import { table } from '../table.ts';

interface Snapshot {
  readonly name: string;
  readonly savedAt: string;
  readonly clock: { readonly kind: string; readonly now: string };
}

export function addSnapshot(program: Command): void {
  const snapshot = program.command('snapshot').description('save everything the server holds under a name, and restore it');

  addTarget(snapshot.command('save').description('save what the server holds now'))
    .argument('<NAME>', 'lower-case letters, digits, hyphens and underscores')
    .option('--replace', 'save over an earlier one of this name')
    .action(async (name: string, options: TargetOptions & { readonly replace?: boolean }) => {
      const body = { name, replace: options.replace === true };
      await askAdmin<Snapshot>(findServer(options), '/admin/snapshots', { method: 'POST', body });
      process.stdout.write(`saved ${name}\n`);
    });

  addTarget(snapshot.command('restore').description('put a snapshot in the place of everything the server holds'))
    .argument('<NAME>')
    .action(async (name: string, options: TargetOptions) => {
      const { savedAt } = await askAdmin<Snapshot>(findServer(options), `${pathOf(name)}:restore`, { method: 'POST' });
      process.stdout.write(`restored ${name}, saved ${savedAt}\n`);
    });

  addTarget(snapshot.command('list').description('list the snapshots of the server'))
    .option('--json', 'as JSON')
    .action(async (options: TargetOptions & { readonly json?: boolean }) => {
      const { value } = await askAdmin<{ readonly value: readonly Snapshot[] }>(findServer(options), '/admin/snapshots');
      if (options.json === true) process.stdout.write(`${JSON.stringify(value)}\n`);
      else if (value.length === 0) process.stdout.write('no snapshots; save one with "switchboard snapshot save NAME"\n');
      else
        process.stdout.write(
          table(
            ['NAME', 'SAVED', 'CLOCK'],
            value.map(({ name, savedAt, clock }) => [name, savedAt, `${clock.now} (${clock.kind})`]),
          ),
        );
    });

  addTarget(snapshot.command('delete').description('delete a snapshot'))
    .argument('<NAME>')
    .action(async (name: string, options: TargetOptions) => {
      await askAdmin(findServer(options), pathOf(name), { method: 'DELETE' });
      process.stdout.write(`deleted ${name}\n`);
    });
}

function pathOf(name: string): string {
  return `/admin/snapshots/${encodeURIComponent(name)}`;
}
