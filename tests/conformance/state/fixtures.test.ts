import type { LoadedFixtures } from '@switchboard/contract';
import type { ChatMessage } from '@azure/communication-chat';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChatRest, type ErrorBody, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDK, CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, freshToken } from '../../lib/chat-user.ts';
import { FIXTURE_SETTINGS, lastLoad } from '../../lib/fixtures.ts';
import { connectLive } from '../../lib/live-client.ts';
import type { TestServer } from '../../lib/server.ts';
import { STORES, type TestStore } from '../../lib/stores.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const HOUR_MS = 3_600_000;

describe.each(STORES)('fixtures on $name', ({ open }) => {
  let store: TestStore;
  let server: TestServer;
  const folder = new TemporaryFolder();
  const args = ['--config', folder.write('switchboard.yaml', FIXTURE_SETTINGS)];
  beforeAll(async () => {
    store = await open();
    server = await store.start({ args });
  });
  beforeEach(async () => expect((await server.admin('POST', '/admin/reset')).status).toBe(204));
  afterAll(async () => {
    await server.stop();
    await store[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const load = async (fixtures: object): Promise<LoadedFixtures> => {
    const { status, body } = await server.admin<LoadedFixtures>('POST', '/admin/fixtures', fixtures);
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  };
  const refused = async (fixtures: object): Promise<ErrorBody['error']> => {
    const { status, body } = await server.admin<ErrorBody>('POST', '/admin/fixtures', fixtures);
    expect({ status, body }).toMatchObject({ status: 400 });
    return body.error;
  };
  const last = () => lastLoad(server);
  const user = async (handle: string): Promise<ChatUser> => freshToken(server, { id: (await last()).users[handle]?.id ?? '', token: '' });
  const rest = (as: ChatUser) => new ChatRest(server.ready.httpEndpoint, as);
  const threads = async () => (await server.admin<{ value: { id: string }[] }>('GET', '/admin/chat/threads')).body.value;

  it.each(CHAT_SDKS)('are read back as history by the chat SDK $version, whose times count from the clock', async (sdk) => {
    const { body: clock } = await server.admin<{ now: string }>('GET', '/admin/clock');
    const nowMs = Date.parse(clock.now);
    const { users, threads: made, loadedAt } = await last();
    expect(loadedAt).toBe(clock.now);
    const { id, messages: ids } = made['lunch']!;
    const alice = await user('alice');
    const thread = sdk.clientOf(server, alice).getChatThreadClient(id);
    expect(await thread.getProperties()).toMatchObject({
      topic: 'Lunch',
      metadata: { room: 'blue' },
      retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 60 },
      createdBy: { communicationUserId: users['alice']!.id },
      createdOn: seconds(nowMs - 48 * HOUR_MS),
    });
    const messages = await all<ChatMessage>(thread.listMessages());
    expect(messages.map((message) => message.type)).toEqual(['text', 'text', 'html', 'text', 'topicUpdated', 'participantAdded']);
    expect(messages.slice(0, 4).map((message) => message.id)).toEqual([ids[0], ids[3], ids[2], ids[1]]);
    expect(Number(ids[1])).toBe(nowMs - 4 * HOUR_MS);
    expect(messages.map(({ sequenceId }) => Number(sequenceId))).toEqual([6, 5, 4, 3, 2, 1]);
    const [seeYou, wrong, lunch, anybody] = messages;
    expect(seeYou).toMatchObject({
      content: { message: 'See you' },
      sender: { communicationUserId: '8:acs:bob' },
      senderDisplayName: 'Bob',
      metadata: { mood: 'good' },
      createdOn: seconds(nowMs - HOUR_MS / 2),
    });
    expect(wrong).toMatchObject({ deletedOn: seconds(nowMs - (40 * HOUR_MS) / 60) });
    expect(wrong?.content?.message).toBeUndefined();
    expect(lunch).toMatchObject({ content: { message: '<b>Lunch?</b>' }, editedOn: seconds(nowMs - HOUR_MS), senderDisplayName: 'Alice' });
    expect(anybody?.editedOn).toBeUndefined();
    expect(await all(thread.listReadReceipts())).toEqual([
      {
        sender: { kind: 'communicationUser', communicationUserId: '8:acs:bob' },
        chatMessageId: ids[2],
        readOn: seconds(nowMs - 2 * HOUR_MS),
      },
    ]);
    expect(await all(thread.listParticipants())).toContainEqual(
      expect.objectContaining({ displayName: 'Bob', metadata: { table: '4' }, shareHistoryTime: seconds(nowMs - 3 * HOUR_MS) }),
    );
  });

  it('go on as any history does: what was not shared stays hidden, and users write, edit and read on', async () => {
    const [alice, bob] = [await user('alice'), await user('bob')];
    const { id, messages } = (await last()).threads['lunch']!;
    expect((await rest(bob).messages(id)).map((message) => message.id)).toEqual([messages[0], messages[3], messages[2]]);
    const next = await rest(bob).send(id, 'On my way');
    expect(Number(next)).toBeGreaterThan(Number(messages[0]));
    const edit = { body: { content: 'See you there' } };
    expect((await rest(bob).call('PATCH', `${threadPath(id)}/messages/${messages[0]!}`, edit)).status).toBe(204);
    expect((await rest(bob).call('PATCH', `${threadPath(id)}/messages/${messages[3]!}`, edit)).status).toBe(404);
    await rest(alice).read(id, next);
    expect((await rest(alice).receipts(id)).map(({ chatMessageId }) => chatMessageId).sort()).toEqual([messages[2], next].sort());
    expect((await rest(alice).threads()).map(({ topic }) => topic)).toEqual(['Lunch']);
  });

  it('are deleted when their retention says so, from when they happened on', async () => {
    const { threads: before } = await last();
    const { threads: made } = await load({
      users: [{ handle: 'a' }],
      threads: [
        { topic: 'old', creator: 'a', messages: ['-40d', '-29d', '-1h'].map((sentAt) => ({ sender: 'a', content: sentAt, sentAt })) },
      ],
    });
    const old = rest(await user('a'));
    const texts = async () => (await old.messages(made['thread-1']!.id)).flatMap(({ content }) => content?.message ?? []);
    expect(await texts()).toEqual(['-1h', '-29d']);
    await server.admin('POST', '/admin/clock:advance', { by: 'P2D' });
    const again = rest(await user('a'));
    expect((await again.messages(made['thread-1']!.id)).flatMap(({ content }) => content?.message ?? [])).toEqual(['-1h']);
    const lunch = () => rest(bob).call('GET', threadPath(before['lunch']!.id));
    let bob = await freshToken(server, { id: '8:acs:bob', token: '' });
    expect((await lunch()).status).toBe(200);
    // Sixty days after its creation, which was two days ago when it was loaded.
    await server.admin('POST', '/admin/clock:advance', { by: 'P56D' });
    bob = await freshToken(server, bob);
    expect((await lunch()).status).toBe(404);
  });

  it('come beside what is there, with ids, tokens and threads in the answer, and the ids again later', async () => {
    const loaded = await load({
      users: [
        { handle: 'carol', token: { scopes: ['chat'], expiresInMinutes: 60 } },
        { handle: 'bob', id: '8:acs:bob' },
      ],
      threads: [
        { topic: 'One', creator: 'carol', participants: ['bob'], messages: [{ sender: 'bob', content: 'Hi' }] },
        { topic: 'Two', creator: 'bob' },
      ],
    });
    expect(loaded).toEqual({
      resource: 'local',
      loadedAt: expect.any(String) as string,
      users: {
        carol: { id: expect.stringMatching(/^8:acs:[\da-f-]{36}_/) as string, accessToken: expect.anything() as object },
        bob: { id: '8:acs:bob' },
      },
      threads: {
        'thread-1': { id: expect.stringMatching(/^19:/) as string, messages: [expect.stringMatching(/^\d+$/)] },
        'thread-2': { id: expect.stringMatching(/^19:/) as string, messages: [] },
      },
      phoneNumbers: {},
    });
    const { accessToken, id } = loaded.users['carol']!;
    const carol = rest({ id, token: accessToken!.token });
    expect((await carol.messages(loaded.threads['thread-1']!.id)).map(({ content }) => content?.message)).toContain('Hi');
    expect(await threads()).toHaveLength(3);
    expect(await last()).toEqual({ ...loaded, users: { carol: { id }, bob: { id: '8:acs:bob' } } });
    expect((await rest(await user('bob')).threads()).map(({ topic }) => topic).sort()).toEqual(['Lunch', 'One', 'Two']);
  });

  it('know a user by the custom id, and another load does not make a second', async () => {
    const fixtures = { users: [{ handle: 'dave', customId: 'dave-1' }] };
    const [one, two] = [await load(fixtures), await load(fixtures)];
    expect(two.users).toEqual(one.users);
  });

  it('push nothing: the first that a connected client hears is what happens afterwards', async () => {
    const bob = await user('bob');
    using live = await connectLive(server.ready.httpEndpoint, bob);
    const { threads: made } = await load({
      users: [{ handle: 'bob', id: '8:acs:bob' }],
      threads: [{ topic: 'Quiet', creator: 'bob', messages: [{ sender: 'bob', content: 'past', readBy: ['bob'] }] }],
    });
    await rest(bob).send(made['thread-1']!.id, 'present');
    const { event } = await live.pushes.take(() => true);
    expect(event).toMatchObject({ eventId: 200, messageBody: 'present' });
  });

  it('are stored whole or not at all', async () => {
    await load({ users: [{ handle: 'erin', customId: 'erin-1' }] });
    const [before, made] = [await last(), await threads()];
    const good = { users: [{ handle: 'x', id: '8:acs:x' }, { handle: 'y' }], threads: [{ topic: 'T', creator: 'y' }] };
    // Found out before anything is written.
    const early = await refused({ ...good, threads: [...good.threads, { topic: 'T', creator: 'nobody' }] });
    expect(early).toMatchObject({ target: 'threads[1].creator' });
    expect(early.message).toBe('threads[1].creator: no user "nobody" in these fixtures; they have x, y.');
    // Found out when the first users are written already.
    const late = await refused({ ...good, users: [...good.users, { handle: 'z', id: '8:acs:bob', customId: 'erin-1' }] });
    expect(late).toMatchObject({ target: 'users[2]' });
    expect(await last()).toEqual(before);
    expect(await threads()).toEqual(made);
    await expect(freshToken(server, { id: '8:acs:x', token: '' })).rejects.toMatchObject({ statusCode: 404 });
    await load(good);
  });

  it('take the path of what is unknown, misspelt or too many', async () => {
    for (const [fixtures, target] of [
      [{ user: [] }, 'user'],
      [{ users: [{ name: 'a' }] }, 'users[0].handle'],
      [
        {
          users: [{ handle: 'a' }],
          threads: [{ topic: 'x', creator: 'a', messages: [{ sender: 'a', content: 'x', type: 'topicUpdated' }] }],
        },
        'threads[0].messages[0].type',
      ],
      [
        { users: [{ handle: 'a' }], threads: [{ topic: 'x', creator: 'a', participants: [{ displayName: 'a' }] }] },
        'threads[0].participants[0].user',
      ],
      [{ users: Array.from({ length: 10_001 }, (_, i) => ({ handle: `u${i}` })) }, 'users'],
    ] as const)
      expect(await refused(fixtures)).toMatchObject({ target });
  });

  it('go to the resource that they name, whose limits hold', async () => {
    const other = { name: 'other', limits: { 'chat.topic-characters': 5 } };
    expect((await server.admin('POST', '/admin/resources', other)).status).toBe(201);
    const fixtures = (topic: string) => ({
      resource: 'other',
      users: [{ handle: 'a', id: '8:acs:bob' }],
      threads: [{ topic, creator: 'a' }],
    });
    expect(await refused(fixtures('too long'))).toMatchObject({ target: 'threads[0].topic' });
    expect(await load(fixtures('Short'))).toMatchObject({ resource: other.name });
    expect((await rest(await freshToken(server, { id: '8:acs:bob', token: '' })).threads()).map(({ topic }) => topic)).toEqual(['Lunch']);
    expect((await server.admin('POST', '/admin/fixtures', { resource: 'nowhere' })).status).toBe(404);
  });

  it('come back with a snapshot, and what is known of their ids too', async () => {
    const before = await last();
    await server.admin('POST', '/admin/snapshots', { name: 'first', replace: true });
    await load({ users: [{ handle: 'later' }] });
    expect((await server.admin('POST', '/admin/snapshots/first:restore')).status).toBe(200);
    expect(await last()).toEqual(before);
    const thread = CHAT_SDK.clientOf(server, await user('bob')).getChatThreadClient(before.threads['lunch']!.id);
    expect((await thread.getProperties()).topic).toBe('Lunch');
  });

  it('of which there are thousands are loaded at once', async () => {
    const users = Array.from({ length: 100 }, (_, i) => ({ handle: `u${i}` }));
    const messages = Array.from({ length: 2_000 }, (_, i) => ({ sender: `u${i % 100}`, content: `message ${i}` }));
    const { threads: made } = await load({
      users,
      threads: [{ topic: 'Big', creator: 'u0', participants: users.map(({ handle }) => handle), messages }],
    });
    expect(new Set(made['thread-1']?.messages).size).toBe(2_000);
    expect((await rest(await user('u99')).messages(made['thread-1']!.id)).length).toBe(2_002);
  });
});

/** As the wire has it: without milliseconds. */
function seconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
