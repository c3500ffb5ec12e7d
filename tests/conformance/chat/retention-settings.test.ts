import type { ChatThreadProperties, ResourceWithKeys } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, type ErrorBody, threadPath } from '../../lib/chat-rest.ts';
import { type ChatUser, freshToken, newUser } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { storedMessages } from '../../lib/stored-messages.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

interface Retention {
  readonly messageRetentionDays: number | null;
  readonly messageRetentionSetBy: string;
}

let server: TestServer;
let alice: ChatUser;

beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
  alice = await newUser(server);
});

afterAll(async () => server.stop());

/** The chat API with a token that is valid by the server's present clock. */
async function rest(): Promise<ChatRest> {
  return new ChatRest(server.endpoint, await freshToken(server, alice));
}

async function textsIn(threadId: string): Promise<(string | undefined)[]> {
  return (await (await rest()).messages(threadId)).filter(({ type }) => type === 'text').map(({ content }) => content?.message);
}

async function advance(by: string): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { by })).status).toBe(200);
}

async function keepInThread(threadId: string, messageRetentionDays: unknown) {
  return server.admin<Retention & ErrorBody>('PATCH', `/admin${threadPath(threadId)}`, { messageRetentionDays });
}

describe('message retention of a resource', () => {
  it('R42: is shown, changed, switched off and taken back by the admin API', async () => {
    const { name } = await newResource(server);
    const path = `/admin/resources/${name}`;
    const retention = async (method: string, body?: object) => {
      const { status, body: answer } = await server.admin<ResourceWithKeys>(method, path, body);
      expect(status).toBe(200);
      return [answer.messageRetentionDays, answer.messageRetentionSetBy];
    };
    expect(await retention('GET')).toEqual([30, 'limits']);
    expect(await retention('PATCH', { messageRetentionDays: 7 })).toEqual([7, 'resource']);
    expect(await retention('GET')).toEqual([7, 'resource']);
    expect(await retention('PATCH', { messageRetentionDays: null })).toEqual([null, 'resource']);
    expect(await retention('PATCH', { limits: 'azure' })).toEqual([null, 'resource']);
    expect(await retention('PATCH', { messageRetentionDays: 'default' })).toEqual([null, 'limits']);
    expect(await retention('PATCH', { limits: { 'chat.message-retention-days': 12 } })).toEqual([12, 'limits']);
    const { body } = await server.admin<{ value: ResourceWithKeys[] }>('GET', '/admin/resources');
    expect(body.value.find((resource) => resource.name === name)).toMatchObject({ limits: { 'chat.message-retention-days': 12 } });
    expect(await retention('PATCH', { limits: null })).toEqual([30, 'limits']);
  });

  it.each([[0], [-1], [1.5], ['7'], ['forever'], [36_501], [true]])('R42: of %j days is refused by name', async (messageRetentionDays) => {
    const { name } = await newResource(server);
    const { status, body } = await server.admin<ErrorBody>('PATCH', `/admin/resources/${name}`, { messageRetentionDays });
    expect({ status, target: body.error.target }).toEqual({ status: 400, target: 'messageRetentionDays' });
  });

  it('R42: cannot be set for a resource that is not there, nor by limits that are none', async () => {
    expect((await server.admin('PATCH', '/admin/resources/nowhere', { messageRetentionDays: 7 })).status).toBe(404);
    expect((await server.admin('PATCH', '/admin/resources/local', { limits: { 'chat.nonsense': 1 } })).status).toBe(400);
  });

  it('R42 R41: holds at once for what is there, and again after a restart', async () => {
    using folder = new TemporaryFolder();
    await using own = await startServer({ args: ['--clock', 'virtual'], data: folder.path });
    const user = await newUser(own);
    const chat = new ChatRest(own.endpoint, user);
    const threadId = await chat.createThread();
    const id = await chat.send(threadId, 'kept for long');
    await own.admin('PATCH', '/admin/resources/local', { messageRetentionDays: 60 });
    await own.stop();
    await using again = await startServer({ args: ['--clock', 'virtual'], data: folder.path });
    const days = async (by: string) => {
      await again.admin('POST', '/admin/clock:advance', { by });
      const later = new ChatRest(again.endpoint, await freshToken(again, user));
      return { shown: (await later.messages(threadId)).some((message) => message.id === id), stored: storedMessages(again, id) };
    };
    expect(await days('P59D')).toEqual({ shown: true, stored: 1 });
    expect(await days('P2D')).toEqual({ shown: false, stored: 0 });
  });

  it('R41: is made up for when a server starts under other limits', async () => {
    using folder = new TemporaryFolder();
    await using own = await startServer({ args: ['--clock', 'virtual', '--limits', 'azure'], data: folder.path });
    const chat = new ChatRest(own.endpoint, await newUser(own));
    const id = await chat.send(await chat.createThread(), 'without end');
    await own.stop();
    await using again = await startServer({ args: ['--clock', 'virtual'], data: folder.path });
    expect(storedMessages(again, id)).toBe(1);
    await again.admin('POST', '/admin/clock:advance', { by: 'P31D' });
    expect(storedMessages(again, id)).toBe(0);
  });
});

describe('message retention of a thread', () => {
  it('R42: is longer, shorter or none, and the reply says which setting it is', async () => {
    const chat = await rest();
    const [long, short, without, plain] = [
      await chat.createThread(),
      await chat.createThread(),
      await chat.createThread(),
      await chat.createThread(),
    ];
    for (const threadId of [long, short, without, plain]) await chat.send(threadId, 'text');
    for (const [threadId, days] of [
      [long, 100],
      [short, 3],
      [without, null],
    ] as const) {
      const { status, body } = await keepInThread(threadId, days);
      expect({ status, body }).toEqual({
        status: 200,
        body: { id: threadId, messageRetentionDays: days, messageRetentionSetBy: 'thread' },
      });
    }
    const textsOfAll = async () => Promise.all([long, short, without, plain].map((threadId) => textsIn(threadId)));
    await advance('P4D');
    expect(await textsOfAll()).toEqual([['text'], [], ['text'], ['text']]);
    await advance('P30D');
    expect(await textsOfAll()).toEqual([['text'], [], ['text'], []]);
    await advance('P3650D');
    expect(await textsOfAll()).toEqual([[], [], ['text'], []]);
    expect((await keepInThread(without, 'default')).body).toMatchObject({ messageRetentionDays: 30, messageRetentionSetBy: 'limits' });
    expect(await textsIn(without)).toEqual([]);
  });

  it('R42: policy and topic are changed by an administrator in the name of the creator, with all that follows', async () => {
    const chat = await rest();
    const threadId = await chat.createThread();
    using live = await connectLive(server.endpoint, chat.user);
    const change = (body: object) => server.admin<Retention & ErrorBody>('PATCH', `/admin${threadPath(threadId)}`, body);
    const policy = { kind: 'threadCreationDate', deleteThreadAfterDays: 60 };
    expect((await change({ retentionPolicy: policy, topic: 'Renamed' })).body).toMatchObject({ messageRetentionSetBy: 'policy' });
    const shown = async () => (await chat.call<ChatThreadProperties>('GET', threadPath(threadId))).body;
    expect(await shown()).toMatchObject({ topic: 'Renamed', retentionPolicy: policy });
    expect(String((await live.event(258, threadId))['properties'])).toContain('Renamed');
    expect((await chat.messages(threadId))[0]).toMatchObject({ type: 'topicUpdated', content: { topic: 'Renamed' } });
    expect((await change({ retentionPolicy: null })).body).toMatchObject({ messageRetentionDays: 30, messageRetentionSetBy: 'limits' });
    expect(await shown()).not.toHaveProperty('retentionPolicy');
    for (const [wrong, target] of [
      [{ retentionPolicy: { kind: 'soon' } }, 'retentionPolicy.kind'],
      [{ retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 29 } }, 'retentionPolicy.deleteThreadAfterDays'],
      [{ topic: 'x'.repeat(1_000), messageRetentionDays: 3 }, 'topic'],
    ] as const) {
      const { status, body } = await change(wrong);
      expect({ status, target: body.error.target }).toEqual({ status: 400, target });
    }
    expect((await change({})).body).toMatchObject({ id: threadId, messageRetentionDays: 30, messageRetentionSetBy: 'limits' });
  });

  it('R42: gives way to the policy that the thread reply shows', async () => {
    const chat = await rest();
    const threadId = await chat.createThread();
    await chat.send(threadId, 'text');
    const retentionPolicy = { kind: 'none' };
    expect((await chat.call('PATCH', threadPath(threadId), { body: { retentionPolicy } })).status).toBe(204);
    expect((await keepInThread(threadId, 'default')).body).toMatchObject({ messageRetentionDays: null, messageRetentionSetBy: 'policy' });
    await advance('P3650D');
    expect(await textsIn(threadId)).toEqual(['text']);
    expect((await (await rest()).call('GET', threadPath(threadId))).body).toMatchObject({ retentionPolicy });
  });

  it('R42: is refused without the admin key, for days that are none, and for a thread of another resource', async () => {
    const threadId = await (await rest()).createThread();
    const answer = await (await rest()).call('PATCH', `/admin${threadPath(threadId)}`, { body: { messageRetentionDays: 3 } });
    expect(answer.status).toBe(401);
    for (const days of [0, 'x'])
      expect(await keepInThread(threadId, days)).toMatchObject({ status: 400, body: { error: { target: 'messageRetentionDays' } } });
    const { name } = await newResource(server);
    const other = await server.admin('PATCH', `/admin${threadPath(threadId)}`, { resource: name, messageRetentionDays: 3 });
    expect(other.status).toBe(404);
  });
});

it('R41: a step of years clears many threads and messages of different ages', async () => {
  const chat = await rest();
  const ids: string[] = [];
  for (let day = 0; day < 5; day++) {
    const today = await rest();
    for (let i = 0; i < 10; i++) ids.push(await today.send(await today.createThread(), `${day}.${i}`));
    await advance('P1D');
  }
  expect((await chat.call('GET', '/chat/threads')).status).toBe(401);
  await advance('P3650D');
  expect(ids.map((id) => storedMessages(server, id))).toEqual(ids.map(() => 0));
});
