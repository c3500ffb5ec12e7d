import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type Clock, VirtualClock } from '../lib/clock.ts';
import { RandomIds } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { recordingLog, RepeatableRandom } from '../lib/testing.ts';
import { MasterKey } from './encryption/master-key.ts';
import type { SqlEngine } from './engine.ts';
import type { Migration } from './migrations.ts';
import { PostgresEngine } from './postgres/postgres-engine.ts';
import { SqliteEngine } from './sqlite/sqlite-engine.ts';
import { Storage } from './storage.ts';

export { FickleEngine } from './fickle/testing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL of this run, or why there is none. */
    postgres: { readonly url: string } | { readonly failure: string };
  }
}

/** An empty database of its own, and the engine that is open on it. */
export interface TestDatabase<E extends SqlEngine = SqlEngine> extends AsyncDisposable {
  readonly engine: E;
  /** A further engine on the same database, closed with the others. Not for a database in memory. */
  openAnother(): E;
}

export interface TestEngine {
  readonly name: string;
  open(): Promise<TestDatabase>;
}

const IN_FOLDER: TestEngine = { name: 'SQLite in a folder', open: openSqlite };
const ON_POSTGRES: TestEngine = { name: 'PostgreSQL', open: openPostgres };

/** Engines whose data outlives them. */
export const LASTING_ENGINES: readonly TestEngine[] = [IN_FOLDER, ON_POSTGRES];

/** Every way the product stores: a test of a store runs on each. */
export const ENGINES: readonly TestEngine[] = [{ name: 'SQLite in memory', open: openInMemory }, ...LASTING_ENGINES];

/** One of each kind of SQL, for tests of what stands on the stores. */
export const BOTH_ENGINES: readonly TestEngine[] = [{ name: 'SQLite', open: openInMemory }, ON_POSTGRES];

function failed(error: unknown): never {
  throw error;
}

function sqlite(path: string): SqliteEngine {
  return new SqliteEngine({ path, onSyncFailure: failed, onWorkerFailure: failed, onHookFailure: failed });
}

function openInMemory(): Promise<TestDatabase> {
  const engine = sqlite(':memory:');
  const openAnother = () => failed(new Error('a database in memory ends with its engine'));
  return Promise.resolve({ engine, openAnother, [Symbol.asyncDispose]: () => engine.close() });
}

/** SQLite in a temporary folder, which goes with it. */
export function openSqlite(): Promise<TestDatabase<SqliteEngine> & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-store-'));
  const opened = database(
    () => sqlite(join(folder, 'test.db')),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  return Promise.resolve({ ...opened, folder });
}

/** The database of this test file on the PostgreSQL of this run; its tests have a schema each. */
let ownDatabase: Promise<string> | undefined;
let schemas = 0;

export interface PostgresOptions {
  /** Settings of its sessions. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PostgresDatabase extends TestDatabase<PostgresEngine> {
  /** Ends every connection of its engines, as a restart of the database does. */
  cutConnections(): Promise<void>;
}

/** An empty schema on PostgreSQL, which goes with it. */
export async function openPostgres(options: PostgresOptions = {}): Promise<PostgresDatabase> {
  const address = await (ownDatabase ??= createDatabase());
  const schema = `test_${schemas++}`;
  await administer(address, `create schema ${schema}`);
  const url = new URL(address);
  const settings = Object.entries({ search_path: schema, ...options.settings });
  url.searchParams.set('options', settings.map(([name, value]) => `-c ${name}=${value}`).join(' '));
  const opened = database(
    () => new PostgresEngine({ url: url.href, onHookFailure: failed }),
    () => administer(address, `drop schema ${schema} cascade`),
  );
  return { ...opened, cutConnections: () => administer(address, CUT) };
}

const CUT = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

async function createDatabase(): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(postgresUrl(), `create database ${name}`);
  const url = new URL(postgresUrl());
  url.pathname = `/${name}`;
  return url.href;
}

function database<E extends SqlEngine>(open: () => E, remove: () => Promise<void> | void): TestDatabase<E> {
  const opened: E[] = [];
  const openAnother = (): E => {
    const engine = open();
    opened.push(engine);
    return engine;
  };
  return {
    engine: openAnother(),
    openAnother,
    [Symbol.asyncDispose]: async () => {
      for (const engine of opened) await engine.close();
      await remove();
    },
  };
}

/** @throws Error when this machine has no PostgreSQL: these tests are never left out */
function postgresUrl(): string {
  const postgres = inject('postgres');
  if ('failure' in postgres) throw new Error(postgres.failure);
  return postgres.url;
}

/** Runs one statement on a connection of its own. */
async function administer(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** Where the virtual clocks of tests begin. */
export const START_MS = Date.UTC(2026, 0, 15, 10);

export interface TestStorageOptions {
  readonly engine: SqlEngine;
  readonly migrations?: readonly Migration[];
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  readonly master?: MasterKey;
  readonly realNow?: () => number;
}

/** Storage over an engine under a master key that is the same for all tests, with a clock that stands still; its due work runs. */
export async function openStorage(options: TestStorageOptions): Promise<Storage> {
  const random = options.random ?? new RepeatableRandom();
  const storage = await Storage.open({
    migrations: [],
    clock: new VirtualClock(START_MS),
    log: recordingLog().log,
    master: testMasterKey(),
    realNow: () => START_MS,
    ...options,
    random,
    ids: new RandomIds(random),
  });
  storage.due.start({ isAlone: true });
  return storage;
}

export function testMasterKey(seed = 'master'): MasterKey {
  return MasterKey.random(new RepeatableRandom(seed));
}

/** Resolves when the hooks of what was acknowledged by now have run: they run one turn later. */
export function afterHooks(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}
