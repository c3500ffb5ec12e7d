import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatWalk } from '../../lib/chat-walk.ts';
import { TestPostgres } from '../../lib/postgres.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const START = '2030-01-01T10:00:00.000Z';
const THREAD_DELETED = 259;

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});

afterAll(() => postgres.stop());

it('R47: a chat is the same whether the configuration names SQLite or PostgreSQL, and after a restart of either', async () => {
  const [onSqlite, onPostgres] = await Promise.all([walk([]), walk(['--database', postgres.url()])]);
  expect(onPostgres).toEqual(onSqlite);
});

/** A chat with a restart in the middle. @returns what was answered and pushed */
async function walk(args: readonly string[]): Promise<readonly string[]> {
  using folder = new TemporaryFolder();
  const start = async (): Promise<TestServer> => {
    const server = await startServer({ data: folder.path, args: ['--clock', 'virtual', ...args] });
    await server.admin('POST', '/admin/clock:set', { to: START });
    return server;
  };
  let chat: ChatWalk;
  {
    await using server = await start();
    chat = await ChatWalk.prepare(server);
    using live = await chat.connect(server);
    await chat.talk();
    await chat.look();
    await chat.heard(live, 261);
  }
  await using server = await start();
  chat.moveTo(server);
  using live = await chat.connect(server);
  await chat.look();
  await chat.end();
  await chat.heard(live, THREAD_DELETED);
  return chat.record();
}
