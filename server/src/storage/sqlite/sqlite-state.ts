import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoredSnapshot, StoredState } from '../engine.ts';
import { SnapshotError, UnavailableError } from '../errors.ts';
import type { GroupCommit } from './group-commit.ts';
import { clearTables, copyInto, readHeader, replaceFrom, tablesOf } from './snapshot-file.ts';

const SUFFIX = '.db';
const UNFINISHED = '.unfinished';

/** Where the snapshots of a database lie: beside it, or in a temporary folder that ends with a database in memory. */
export class SnapshotFolder {
  readonly #given: string | undefined;
  #made: string | undefined;

  constructor(given: string | undefined) {
    this.#given = given;
  }

  get path(): string {
    if (this.#given === undefined) return (this.#made ??= mkdtempSync(join(tmpdir(), 'switchboard-snapshots-')));
    mkdirSync(this.#given, { recursive: true, mode: 0o700 });
    return this.#given;
  }

  file(name: string): string {
    return join(this.path, `${name}${SUFFIX}`);
  }

  /** Names of the snapshots, sorted. */
  names(): string[] {
    const files = readdirSync(this.path).filter((file) => file.endsWith(SUFFIX));
    return files.map((file) => file.slice(0, -SUFFIX.length)).sort();
  }

  /** An empty file for a snapshot in the making; what a process left that ended while it made one is removed. */
  begin(name: string): string {
    for (const file of readdirSync(this.path)) if (file.endsWith(UNFINISHED)) rmSync(join(this.path, file));
    const file = join(this.path, `${name}${UNFINISHED}`);
    writeFileSync(file, '', { mode: 0o600 });
    return file;
  }

  /** Makes the file of {@link begin} the snapshot of that name, durably. */
  async finish(file: string, name: string): Promise<void> {
    await sync(file);
    await rename(file, this.file(name));
    await sync(this.path);
  }

  close(): void {
    if (this.#made !== undefined) rmSync(this.#made, { recursive: true, force: true });
  }
}

/** Snapshots as SQLite files, each with a copy of the tables. */
export class SqliteState implements StoredState {
  readonly #commits: GroupCommit;
  readonly #folder: SnapshotFolder;
  readonly #except: readonly string[];

  constructor(options: { readonly commits: GroupCommit; readonly folder: SnapshotFolder; readonly except: readonly string[] }) {
    this.#commits = options.commits;
    this.#folder = options.folder;
    this.#except = options.except;
  }

  clear(): Promise<void> {
    return this.#commits.exclusive((database) => clearTables(database, tablesOf(database, this.#except)));
  }

  async save({ name, note }: StoredSnapshot): Promise<void> {
    const file = this.#folder.begin(name);
    try {
      await this.#commits.exclusive((database) => copyInto(database, file, { note, tables: tablesOf(database, this.#except) }));
      await this.#folder.finish(file, name);
    } catch (error) {
      throw error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? new UnavailableError('disk-full', error) : error;
    } finally {
      rmSync(file, { force: true });
    }
  }

  list(): Promise<StoredSnapshot[]> {
    const found = this.#folder.names().map((name) => ({ name, note: noteOf(this.#folder.file(name)) }));
    return Promise.resolve(found.filter((snapshot): snapshot is StoredSnapshot => snapshot.note !== undefined));
  }

  async remove(name: string): Promise<boolean> {
    if (!this.#folder.names().includes(name)) return false;
    rmSync(this.#folder.file(name));
    await sync(this.#folder.path);
    return true;
  }

  async restore(name: string): Promise<StoredSnapshot> {
    // Attaching a file that is not there would make one.
    if (!this.#folder.names().includes(name)) throw new SnapshotError('unknown');
    const file = this.#folder.file(name);
    const note = await this.#commits.exclusive((database) => replaceFrom(database, file, tablesOf(database, this.#except)));
    return { name, note };
  }
}

function noteOf(file: string): string | undefined {
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    return readHeader(database, 'main').note;
  } catch {
    return undefined;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
