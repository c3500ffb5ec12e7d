import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError } from './config-error.ts';

/** What other commands need to reach the server of a data folder. Holds secrets: readable for its owner only. */
export interface RunFile {
  readonly pid: number;
  readonly version: string;
  readonly endpoint: string;
  readonly httpEndpoint?: string;
  readonly connectionString: string;
  readonly adminKey: string;
  readonly caFile: string;
}

/** The data folder of a running server, locked against a second one. */
export interface DataFolder {
  readonly path: string;
  announce(run: RunFile): void;
  release(): void;
}

const RUN_FILE = 'run.json';

/**
 * Makes the folder if need be and locks it. The lock is an SQLite one, so the system drops it however the process ends.
 *
 * @throws ConfigError when another server holds it
 */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch {
    lock.close();
    const other = readRunFile(path);
    const who = other === undefined ? '' : ` (process ${other.pid}, ${other.endpoint})`;
    throw new ConfigError(
      `another Switchboard is running on data folder ${path}${who}; stop it with "switchboard stop --data ${path}", or use another --data folder`,
    );
  }
  const file = join(path, RUN_FILE);
  return {
    path,
    announce: (run) => writeFileSync(file, JSON.stringify(run), { mode: 0o600 }),
    release: () => {
      rmSync(file, { force: true });
      lock.close();
    },
  };
}

/** Whether a server holds the lock of a data folder. A file that a crash left behind says nothing: process ids come back. */
export function isDataFolderInUse(path: string): boolean {
  if (!existsSync(join(path, 'lock'))) return false;
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    lock.exec('rollback');
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
}

/** How to reach the server of a data folder; undefined when none announced itself. */
export function readRunFile(path: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(join(path, RUN_FILE), 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}
