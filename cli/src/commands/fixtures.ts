import type { Command } from 'commander';
import { readContent } from '../content-file.ts';
import { addTarget, askAdmin, findServer, type TargetOptions } from '../server-client.ts';
import { table } from '../table.ts';

const FIXTURES = '/admin/fixtures';

interface LoadedFixtures {
  readonly resource?: string;
  readonly loadedAt?: string;
  readonly users: Readonly<Record<string, { readonly id: string }>>;
  readonly threads: Readonly<Record<string, { readonly id: string; readonly messages: readonly string[] }>>;
  readonly phoneNumbers?: Readonly<Record<string, { readonly phoneNumber: string }>>;
}

interface Options extends TargetOptions {
  readonly json?: boolean;
  readonly resource?: string;
}

export function addFixtures(program: Command): void {
  const fixtures = program.command('fixtures').description('load users, threads, messages and phone numbers, and tell their ids');

  addTarget(fixtures.command('load').description('store what a file describes beside what is there, all or nothing'))
    .argument(
      '<FILE>',
      'JSON or YAML: {users: […], threads: […], phoneNumbers: […]}, by itself or as fixtures of a settings file; - for standard input',
    )
    .option('--resource <NAME>', 'resource to load into (local, or as the file says)')
    .option('--json', 'as JSON, with the tokens that the file asks for')
    .action(async (file: string, options: Options) => {
      const run = findServer(options);
      const body = withResource(sectionOf(await readContent(file)), options.resource);
      const loaded = await askAdmin<LoadedFixtures>(run, FIXTURES, { method: 'POST', body });
      print(loaded, options);
    });

  addTarget(fixtures.command('list').description('tell the ids that the last load has given'))
    .option('--json', 'as JSON')
    .action(async (options: Options) => print(await askAdmin<LoadedFixtures>(findServer(options), FIXTURES), options));
}

/** The fixtures of a settings file, or of a file of their own. */
function sectionOf(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'fixtures' in content ? content.fixtures : content;
}

function withResource(content: unknown, resource: string | undefined): unknown {
  return resource === undefined || typeof content !== 'object' ? content : { ...content, resource };
}

function print(loaded: LoadedFixtures, { json }: Options): void {
  if (json === true) process.stdout.write(`${JSON.stringify(loaded)}\n`);
  else if (loaded.loadedAt === undefined)
    process.stdout.write('no fixtures were loaded; load some with "switchboard fixtures load FILE"\n');
  else process.stdout.write(table(['', 'HANDLE', 'ID', 'MESSAGES'], rowsOf(loaded)));
}

function rowsOf({ users, threads, phoneNumbers = {} }: LoadedFixtures): string[][] {
  return [
    ...Object.entries(users).map(([handle, { id }]) => ['user', handle, id]),
    ...Object.entries(threads).map(([handle, { id, messages }]) => ['thread', handle, id, String(messages.length)]),
    ...Object.entries(phoneNumbers).map(([handle, { phoneNumber }]) => ['number', handle, phoneNumber]),
  ];
}
