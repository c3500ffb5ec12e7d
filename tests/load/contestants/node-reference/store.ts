import { fdatasync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

export interface NewMessage {
  readonly room: string;
  readonly sender: string;
  readonly content: string;
  readonly createdMs: number;
}

export interface Message extends NewMessage {
  readonly id: number;
}

interface Pending {
  readonly message: NewMessage;
  readonly onDurable: (message: Message) => void;
}

/**
 * Messages in SQLite. All that arrive in one turn of the event loop, or while the disk is busy, share one commit and one
 * `fdatasync` of the write-ahead log, which runs in the thread pool.
 */
export class MessageStore {
  readonly #begin: StatementSync;
  readonly #insert: StatementSync;
  readonly #commit: StatementSync;
  readonly #newest: StatementSync;
  readonly #walFd: number;
  #pending: Pending[] = [];
  #busy = false;

  constructor(folder: string) {
    const path = join(folder, 'messages.db');
    const database = new DatabaseSync(path);
    // NORMAL syncs checkpoints only, which keeps the file whole; durability is the fdatasync below.
    database.exec('pragma journal_mode = wal; pragma synchronous = normal');
    database.exec('create table if not exists messages (id integer primary key, room text, sender text, content text, created_ms integer)');
    database.exec('create index if not exists by_room on messages (room, id)');
    this.#begin = database.prepare('begin immediate');
    this.#insert = database.prepare('insert into messages (room, sender, content, created_ms) values (?, ?, ?, ?)');
    this.#commit = database.prepare('commit');
    this.#newest = database.prepare('select * from messages where room = ? order by id desc limit 1');
    this.#walFd = openSync(`${path}-wal`, 'r+');
  }

  /** `onDurable` is called when the message is on the disk. */
  insert(message: NewMessage, onDurable: (message: Message) => void): void {
    this.#pending.push({ message, onDurable });
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => this.#flush());
  }

  newest(room: string): unknown {
    return this.#newest.get(room);
  }

  #flush(): void {
    const batch = this.#pending;
    this.#pending = [];
    this.#begin.run();
    const ids = batch.map(({ message: { room, sender, content, createdMs } }) =>
      Number(this.#insert.run(room, sender, content, createdMs).lastInsertRowid),
    );
    this.#commit.run();
    fdatasync(this.#walFd, (error) => {
      // After a failed sync nothing that was written can be trusted.
      if (error !== null) throw error;
      this.#busy = this.#pending.length > 0;
      if (this.#busy) this.#flush();
      for (const [index, { message, onDurable }] of batch.entries()) onDurable({ ...message, id: ids[index] ?? 0 });
    });
  }
}
