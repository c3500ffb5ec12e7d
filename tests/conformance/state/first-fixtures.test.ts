import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newUser } from '../../lib/chat-user.ts';
import { FIXTURE_SETTINGS, lastLoad } from '../../lib/fixtures.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { STORES } from '../../lib/stores.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const threadIds = async (server: TestServer): Promise<string[]> =>
  (await server.admin<{ value: { id: string }[] }>('GET', '/admin/chat/threads')).body.value.map(({ id }) => id);

describe.each(STORES)('fixtures of the settings on $name', ({ name, open }) => {
  const isLost = name === 'SQLite in memory';

  it('are loaded anew by a reset, with the same ids under a seed', async () => {
    using folder = new TemporaryFolder();
    await using store = await open();
    await using server = await store.start({ args: ['--config', folder.write('switchboard.yaml', FIXTURE_SETTINGS)] });
    const first = await lastLoad(server);
    const more = { users: [{ handle: 'a' }], threads: [{ topic: 'x', creator: 'a' }] };
    expect((await server.admin('POST', '/admin/fixtures', more)).status).toBe(201);
    expect((await server.admin('POST', '/admin/reset')).status).toBe(204);
    const again = await lastLoad(server);
    expect({ users: again.users, thread: again.threads['lunch']?.id }).toEqual({ users: first.users, thread: first.threads['lunch']?.id });
    expect(await threadIds(server)).toEqual([again.threads['lunch']?.id]);
  });

  it('are loaded once, however often a server starts on the same state', async () => {
    using folder = new TemporaryFolder();
    const options = { args: ['--config', folder.write('switchboard.yaml', FIXTURE_SETTINGS)], data: `${folder.path}/data` };
    await using store = await open();
    const first = await store.start(options);
    const before = await lastLoad(first);
    await first.kill();
    await using second = await store.start(options);
    expect(await threadIds(second)).toHaveLength(1);
    expect(await lastLoad(second)).toMatchObject(isLost ? { users: before.users } : before);
  });

  it('are not loaded into a state that holds somebody', async () => {
    using folder = new TemporaryFolder();
    const data = `${folder.path}/data`;
    await using store = await open();
    const bare = await store.start({ data });
    await newUser(bare);
    await bare.stop();
    await using second = await store.start({ args: ['--config', folder.write('switchboard.yaml', FIXTURE_SETTINGS)], data });
    expect(Object.keys((await lastLoad(second)).users)).toEqual(isLost ? ['alice', 'bob'] : []);
  });
});

it('the settings of the guide are the example, and a server starts with them', async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const guide = readFileSync(`${root}docs/guide/state-for-tests.md`, 'utf8');
  const shown = /<!-- examples\/switchboard\.yaml -->\n+```yaml\n([^]*?)```/.exec(guide)?.[1];
  expect(shown).toBe(readFileSync(`${root}examples/switchboard.yaml`, 'utf8'));
  await using server = await startServer({ args: ['--memory', '--config', `${root}examples/switchboard.yaml`] });
  const { users, threads } = await lastLoad(server);
  expect(users['bob']).toEqual({ id: '8:acs:bob' });
  expect(threads['lunch']?.messages).toHaveLength(2);
});
