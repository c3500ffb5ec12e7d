import { DatabaseSync } from 'node:sqlite';

const database = new DatabaseSync(process.env.SMS_DATABASE ?? 'messages.db');
database.exec(`CREATE TABLE IF NOT EXISTS messages (
  id TEXT PRIMARY KEY, sender TEXT NOT NULL, recipient TEXT NOT NULL, text TEXT NOT NULL, received_at TEXT NOT NULL
)`);
const insert = database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING');

/**
 * Stores a message once, however often its event is delivered: events come at least once.
 *
 * @returns whether it was not there yet
 */
export function storeMessage({ id, from, to, text, receivedAt }) {
  return insert.run(id, from, to, text, receivedAt).changes > 0;
}
