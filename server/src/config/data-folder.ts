import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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
  /** How long it asks live clients to move elsewhere when it is stopped; absent in a file of version 0.1.0. */
  readonly drainMs?: number;
}

/** The data folder of a running server, locked against a second one. */
export interface DataFolder {
  readonly path: string;
  announce(run: RunFile): void;
  /**
   * Gives the folder back. One that was new or empty is so again when its server never announced itself.
   *
   * @param keeps leaves what there is in any case
   */
  release(options?: { readonly keeps: boolean }): void;
}

const RUN_FILE = 'run.json';
const LOCK_FILE = 'lock';

/**
 * Makes the folder if need be and locks it. The lock is an SQLite one, so the system drops it however the process ends.
 *
 * @throws ConfigError when another server holds it
 */
export function openDataFolder(path: string): DataFolder {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  let isUnused = readdirSync(path).length === 0;
  const lock = new DatabaseSync(join(path, LOCK_FILE), { timeout: 0 });
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
    announce: (run) => {
      isUnused = false;
      writeFileSync(file, JSON.stringify(run), { mode: 0o600 });
    },
    release: ({ keeps } = { keeps: false }) => {
      rmSync(file, { force: true });
      const discards = isUnused && !keeps;
      // Under the lock, so that it is not another server's.
      if (discards) for (const name of readdirSync(path)) if (name !== LOCK_FILE) rmSync(join(path, name), { recursive: true });
      lock.close();
      if (discards) removeEmpty(path, made);
    },
  };
}

/** Removes the lock, and the folders from `path` up to `made`, unless somebody has begun to use them. */
function removeEmpty(path: string, made: string | undefined): void {
  rmSync(join(path, LOCK_FILE), { force: true });
  try {
    if (made !== undefined) for (let folder = resolve(path); folder.startsWith(resolve(made)); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Not empty.
  }
}

/** Whether a server holds the lock of a data folder. A file that a crash left behind says nothing: process ids come back. */
export function isDataFolderInUse(path: string): boolean {
  if (!existsSync(join(path, LOCK_FILE))) return false;
  const lock = new DatabaseSync(join(path, LOCK_FILE), { timeout: 0 });
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
