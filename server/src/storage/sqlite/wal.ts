import { closeSync, fdatasync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Enough frames for thousands of commits between two checkpoints; the file keeps this size from then on. */
const PREGROWN_BYTES = 16 * 1024 * 1024;

/**
 * The write-ahead log of a database as a file to sync.
 *
 * SQLite commits under `synchronous=NORMAL`, which does not sync the log at each commit; one `fdatasync` of the log in
 * the thread pool then makes a whole batch durable without holding the main thread. NORMAL (and never OFF) keeps the
 * syncs that protect the database itself: those of checkpoints and of a restarted log's header.
 */
export class WriteAheadLog {
  readonly #fd: number;

  /** @param path the database file; its log must exist, so a first write must have happened */
  constructor(path: string) {
    // Only the log is opened here: opening and closing the *database* file would drop SQLite's POSIX locks on it.
    this.#fd = openSync(`${path}-wal`, 'r');
  }

  /** Resolves when everything committed before the call is on disk. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#fd, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * Makes the log as large as it will ever be, by a large write that is rolled back. Later frames then overwrite allocated
 * blocks, and a sync costs the device one flush instead of two.
 */
export function pregrowWal(database: DatabaseSync): void {
  database.exec('begin immediate');
  database.exec('create table wal_pregrow (filler blob)');
  database.prepare('insert into wal_pregrow values (zeroblob(?))').run(PREGROWN_BYTES);
  database.exec('rollback');
}
