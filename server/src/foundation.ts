import { join } from 'node:path';
import { fixtureMigrations } from './admin/index.ts';
import { chatMigrations } from './chat/index.ts';
import type { Closer } from './closer.ts';
import { type Config, ConfigError, type DataFolder, openDataFolder } from './config/index.ts';
import { eventMigrations } from './events/index.ts';
import { repeatabilityMigrations } from './http/index.ts';
import { allIdentityMigrations } from './identity/index.ts';
import { Backlog } from './lib/backlog.ts';
import { type Clock, RealClock, realNow, VirtualClock } from './lib/clock.ts';
import { type Ids, RandomIds, SeededIds } from './lib/ids.ts';
import type { Log } from './lib/log.ts';
import { type Random, SystemRandom } from './lib/random.ts';
import { realTimers, type Timers } from './lib/timers.ts';
import { Limits } from './limits/index.ts';
import { phoneNumberMigrations } from './phone-numbers/index.ts';
import { resourceMigrations } from './resources/index.ts';
import { smsMigrations } from './sms/index.ts';
import { beginSeeded, MasterKey, PostgresEngine, SqliteEngine, type SqlEngine, Storage } from './storage/index.ts';

/** What every feature stands on. */
export interface Foundation {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly limits: Limits;
  /** What waits for clients that do not read. */
  readonly backlog: Backlog;
  /** Undefined when nothing is kept. */
  readonly data: DataFolder | undefined;
  readonly master: MasterKey;
  readonly storage: Storage;
  readonly databaseKind: string;
}

/** The migrations of all features, in the order in which they stand on each other. */
const MIGRATIONS = [
  ...repeatabilityMigrations,
  ...resourceMigrations,
  ...allIdentityMigrations,
  ...chatMigrations,
  ...eventMigrations,
  ...fixtureMigrations,
  ...phoneNumberMigrations,
  ...smsMigrations,
];

export async function openFoundation(config: Config, log: Log, closer: Closer): Promise<Foundation> {
  const random = new SystemRandom();
  const ids = config.seed === undefined ? new RandomIds(random) : new SeededIds(config.seed);
  const timers = realTimers;
  const clock = config.clock === 'virtual' ? new VirtualClock(realNow()) : new RealClock(timers);
  const data = config.data.kind === 'folder' ? openDataFolder(config.data.folder) : undefined;
  // What lies in a database elsewhere may be sealed under the master key of this folder.
  closer.add(() => data?.release({ keeps: config.database.kind === 'postgres' }));
  const master = masterKeyOf(config, data, random);
  const engine = await openEngine(config, data, log);
  closer.add(() => engine.close());
  const storage = await Storage.open({ engine, master, clock, random, ids, log, realNow, migrations: MIGRATIONS });
  if (ids instanceof SeededIds) await beginSeeded(storage, ids);
  closer.add(() => storage.due.close());
  const limits = new Limits(config.limits);
  const backlog = new Backlog(limits.value('http.unread-bytes'));
  return { config, log, clock, timers, random, ids, limits, backlog, data, master, storage, databaseKind: engine.kind };
}

function masterKeyOf(config: Config, data: DataFolder | undefined, random: Random): MasterKey {
  if (config.masterKey !== undefined) return MasterKey.parse(config.masterKey, 'SWITCHBOARD_MASTER_KEY');
  return data === undefined ? MasterKey.random(random) : MasterKey.open(data.path, random);
}

function openEngine(config: Config, data: DataFolder | undefined, log: Log): SqlEngine | Promise<SqlEngine> {
  const onHookFailure = (error: unknown): void => log.error({ err: error }, 'what was to follow a stored change failed');
  if (config.database.kind === 'postgres') return openPostgres({ url: config.database.url, onHookFailure });
  return new SqliteEngine({
    path: data === undefined ? ':memory:' : join(data.path, 'switchboard.db'),
    onSyncFailure: (error) => {
      // Nothing written since the last good sync can be trusted, and nothing of it was acknowledged.
      log.fatal({ err: error }, 'the disk failed to sync; the server ends so that nothing unsafe is acknowledged');
      process.exit(1);
    },
    onHookFailure,
    onWorkerFailure: (error) => log.error({ err: error }, 'checkpoints stopped; the write-ahead log grows until a restart'),
  });
}

async function openPostgres(options: ConstructorParameters<typeof PostgresEngine>[0]): Promise<SqlEngine> {
  const engine = new PostgresEngine(options);
  if ((await engine.claim()) !== undefined) return engine;
  await engine.close();
  throw new ConfigError('another Switchboard uses this database; several nodes on one database are not supported by this version');
}
