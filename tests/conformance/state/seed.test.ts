import { describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { decodeJwt } from '../../lib/jwt.ts';
import { allocate } from '../../lib/live-client.ts';
import { newResource } from '../../lib/resources.ts';
import { type StartOptions, startServer, type TestServer } from '../../lib/server.ts';
import { STORES, type TestStore } from '../../lib/stores.ts';
import { runCommand, startCommand } from '../../lib/switchboard-command.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const NOON = '2030-01-31T12:00:00.000Z';
const SEEDED: StartOptions = { args: ['--seed', '42', '--clock', 'virtual'] };

/** Everything that a fixed series of calls gives ids to. */
async function idsOf(server: TestServer): Promise<string[]> {
  await server.admin('POST', '/admin/clock:set', { to: NOON });
  const resource = (await newResource(server, { name: 'fixed' })).immutableResourceId;
  const alice = await newUser(server);
  const bob = await newUser(server);
  const rest = new ChatRest(server.ready.httpEndpoint, alice);
  const threads = [await rest.createThread([bob]), await rest.createThread()];
  const messages = [await rest.send(threads[0]!, 'one'), await rest.send(threads[0]!, 'two')];
  return [resource, alice.id, bob.id, ...threads, ...messages];
}

async function userIds(server: TestServer, count: number): Promise<string[]> {
  const users: ChatUser[] = [];
  for (let i = 0; i < count; i++) users.push(await newUser(server));
  return users.map(({ id }) => id);
}

describe.each(STORES)('--seed on $name', ({ open }) => {
  const started = async (store: TestStore, options: StartOptions = SEEDED): Promise<TestServer> => store.start(options);

  it('gives the same ids to the same calls, again after a reset, and after a restored snapshot', async () => {
    await using store = await open();
    await using server = await started(store);
    await server.admin('POST', '/admin/snapshots', { name: 'empty' });
    const first = await idsOf(server);
    expect(new Set(first).size).toBe(first.length);
    await server.admin('POST', '/admin/reset');
    expect(await idsOf(server)).toEqual(first);
    await server.admin('POST', '/admin/snapshots', { name: 'full' });
    const following = await userIds(server, 3);
    await server.admin('POST', '/admin/snapshots/full:restore');
    expect(await userIds(server, 3)).toEqual(following);
    await server.admin('POST', '/admin/snapshots/empty:restore');
    expect(await idsOf(server)).toEqual(first);
  });
});

describe('--seed', () => {
  it('gives the same ids in every process, whatever the store, and others under another seed', async () => {
    await using one = await startServer(SEEDED);
    await using two = await startServer({ args: [...SEEDED.args!, '--memory'] });
    await using other = await startServer({ args: ['--seed', '43', '--clock', 'virtual', '--memory'] });
    const ids = await idsOf(one);
    expect(await idsOf(two)).toEqual(ids);
    // The ids of the two messages are times.
    expect((await idsOf(other)).filter((id) => ids.includes(id))).toEqual(ids.slice(-2));
  });

  it('never gives an id twice, however often the server starts on its data', async () => {
    using folder = new TemporaryFolder();
    const seen: string[] = [];
    for (let start = 0; start < 3; start++) {
      await using server = await startServer({ ...SEEDED, data: folder.path });
      seen.push(...(await userIds(server, 3)));
    }
    expect(new Set(seen).size).toBe(9);
    // What follows a restart is repeatable too.
    using again = new TemporaryFolder();
    const repeated: string[] = [];
    for (let start = 0; start < 2; start++) {
      await using server = await startServer({ ...SEEDED, data: again.path });
      repeated.push(...(await userIds(server, 3)));
    }
    expect(repeated).toEqual(seen.slice(0, 6));
  });

  it('leaves keys, tokens, connections and requests unpredictable', async () => {
    const secrets = async (): Promise<unknown[]> => {
      await using server = await startServer(SEEDED);
      const user = await newUser(server);
      const { body: resource } = await server.admin<{ secondaryKey: string }>('GET', '/admin/resources/local');
      const { ccid, surl, connectparams } = await allocate(server.ready.httpEndpoint, user);
      const answer = await fetch(new URL('/health', server.ready.httpEndpoint));
      const requestId = answer.headers.get('x-ms-request-id');
      return [
        server.ready.adminKey,
        resource.secondaryKey,
        user.token,
        decodeJwt(user.token).claims['jti'],
        ccid,
        surl,
        connectparams['sig'],
        requestId,
      ];
    };
    const [first, second] = [await secrets(), await secrets()];
    expect(first.filter((secret) => secret === undefined || secret === null || second.includes(secret))).toEqual([]);
  });

  it('is shown at the start, loudly', async () => {
    await using command = startCommand(['start', '--port', '0', '--http-port', '0', '--memory', '--seed', '42']);
    await command.shows(/^IDS CAN BE PREDICTED \(--seed 42\): use this server for tests only\.$/m);
    await using server = await startServer(SEEDED);
    expect(server.ready).toMatchObject({ seed: 42 });
  });

  it('is refused on a host that others can reach', async () => {
    const { code, err } = await runCommand(['start', '--seed', '42', '--host', '0.0.0.0', '--memory'], {
      SWITCHBOARD_ACCESS_KEY: 'generate',
    });
    expect(code).toBe(2);
    expect(err).toContain('--seed');
  });
});
