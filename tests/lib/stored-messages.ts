import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestServer } from './server.ts';

/** How many rows the store of a server holds of a message: what no call shows may still lie there. */
export function storedMessages(server: TestServer, messageId: string): number {
  const database = new DatabaseSync(join(server.data, 'switchboard.db'), { readOnly: true });
  try {
    return Number(database.prepare('select count(*) as n from chat_messages where id = ?').get(Number(messageId))?.['n']);
  } finally {
    database.close();
  }
}
