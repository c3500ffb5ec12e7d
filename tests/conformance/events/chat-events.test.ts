import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, threadPath } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { type DeliveredEvent, EventListener, eventsIn } from '../../lib/event-listener.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { connectLatest } from '../../lib/identity-clients.ts';
import { publishedProblems } from '../../lib/published-events.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--clock', 'virtual'] });
});
afterAll(() => server.stop());

const NAME = 'Microsoft.Communication.';
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;

interface Scene extends AsyncDisposable {
  readonly rest: ChatRest;
  readonly ann: ChatUser;
  readonly bob: ChatUser;
  readonly cem: ChatUser;
  /** Of Ann, with Bob and Cem. */
  readonly thread: string;
  /** What an act is told as: so many events of its types. */
  told(count: number): Promise<readonly DeliveredEvent[]>;
}

/** A thread of three, and a listener to what happens in it from then on. */
async function openScene(types: readonly string[]): Promise<Scene> {
  const [ann, bob, cem] = (await newUsers(server, 3)) as [ChatUser, ChatUser, ChatUser];
  const rest = new ChatRest(server.endpoint, ann);
  const thread = await rest.createThread([bob, cem]);
  const listener = await EventListener.open(server, { types: types.map((type) => NAME + type) });
  return {
    rest,
    ann,
    bob,
    cem,
    thread,
    told: async (count) => checked(await listener.until(count), count),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** Every event that is told is true to its published schema. */
function checked(events: readonly DeliveredEvent[], count: number): readonly DeliveredEvent[] {
  expect(events).toHaveLength(count);
  for (const { type, data } of events) expect(publishedProblems(type, data)).toEqual([]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(count);
  return [...events].sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

function identifier({ id }: ChatUser) {
  return { rawId: id, communicationUser: { id } };
}

/** Who events to users are for. */
function recipients(events: readonly DeliveredEvent[]): unknown[] {
  return events.map(({ data }) => (data['recipientCommunicationIdentifier'] as { readonly rawId: string }).rawId).sort();
}

const ids = (...users: readonly ChatUser[]) => users.map(({ id }) => id).sort();

describe('R103: messages', () => {
  it('a message is told once for its thread', async () => {
    await using scene = await openScene(['ChatMessageReceivedInThread']);
    const { ann, thread, rest } = scene;
    const id = await rest.send(thread, '<b>Hello</b>', { type: 'html', senderDisplayName: 'Ann', metadata: { priority: 'high' } });
    const [event] = await scene.told(1);
    expect(event?.subject).toBe(`thread/${thread}/sender/${ann.id}`);
    expect(event?.data).toEqual({
      messageBody: '<b>Hello</b>',
      messageId: id,
      metadata: { priority: 'high' },
      type: 'RichText/Html',
      version: Number(id),
      senderDisplayName: 'Ann',
      senderCommunicationIdentifier: identifier(ann),
      composeTime: new Date(Number(id)).toISOString(),
      threadId: thread,
      transactionId: expect.stringMatching(/^[A-Za-z0-9+/]{22}\.1$/) as unknown,
    });
    expect(event?.envelope).toMatchObject({ dataVersion: '1.0', metadataVersion: '1', eventTime: ISO });
  });

  it('a message is told for each participant but its sender', async () => {
    await using scene = await openScene(['ChatMessageReceived']);
    const { ann, bob, cem, thread, rest } = scene;
    const id = await rest.send(thread, 'Hello');
    const events = await scene.told(2);
    expect(recipients(events)).toEqual(ids(bob, cem));
    const toBob = events.find(({ data }) => data['recipientId'] === bob.id);
    expect(toBob?.subject).toBe(`thread/${thread}/sender/${ann.id}/recipient/${bob.id}`);
    expect(toBob?.data).toMatchObject({
      messageBody: 'Hello',
      messageId: id,
      metadata: {},
      type: 'Text',
      version: Number(id),
      senderId: ann.id,
      recipientCommunicationIdentifier: identifier(bob),
    });
    expect(new Set(events.map(({ data }) => data['transactionId'])).size).toBe(1);
  });

  it('an edit is told with the new text, to the thread and to each participant', async () => {
    await using scene = await openScene(['ChatMessageEdited', 'ChatMessageEditedInThread']);
    const { bob, cem, thread, rest } = scene;
    const id = await rest.send(thread, 'Helo', { metadata: { priority: 'high' } });
    await rest.call('PATCH', `${threadPath(thread)}/messages/${id}`, { body: { content: 'Hello' } });
    const [inThread, ...perUser] = await scene.told(3);
    expect(inThread).toMatchObject({
      type: `${NAME}ChatMessageEditedInThread`,
      data: { messageBody: 'Hello', messageId: id, editTime: ISO, metadata: { priority: 'high' } },
    });
    expect(inThread?.data['version']).toBeGreaterThan(Number(id));
    expect(recipients(perUser)).toEqual(ids(bob, cem));
  });

  it('a deletion is told without the text', async () => {
    await using scene = await openScene(['ChatMessageDeleted', 'ChatMessageDeletedInThread']);
    const { bob, cem, thread, rest } = scene;
    const id = await rest.send(thread, 'Hello', { senderDisplayName: 'Ann' });
    await rest.call('DELETE', `${threadPath(thread)}/messages/${id}`);
    const [inThread, ...perUser] = await scene.told(3);
    expect(inThread).toMatchObject({
      type: `${NAME}ChatMessageDeletedInThread`,
      data: { messageId: id, deleteTime: ISO, senderDisplayName: 'Ann', composeTime: ISO },
    });
    expect(inThread?.data).not.toHaveProperty('messageBody');
    expect(recipients(perUser)).toEqual(ids(bob, cem));
  });

  it('typing is told though nothing of it is stored; read receipts are no events', async () => {
    await using scene = await openScene(['ChatTypingIndicatorReceivedInThread', 'ChatMessageReceivedInThread']);
    const { ann, thread, rest } = scene;
    await rest.call('POST', `${threadPath(thread)}/typing`, { body: { senderDisplayName: 'Ann' } });
    await rest.read(thread, (await rest.messages(thread))[0]?.id ?? '');
    await rest.send(thread, 'Hello');
    const events = await scene.told(2);
    expect(events.find(({ type }) => type === `${NAME}ChatTypingIndicatorReceivedInThread`)).toMatchObject({
      subject: `thread/${thread}/sender/${ann.id}`,
      data: { senderDisplayName: 'Ann', senderCommunicationIdentifier: identifier(ann), threadId: thread, messageBody: '' },
    });
  });
});

describe('R103: threads', () => {
  it('a new thread is told with its participants, to each but its creator', async () => {
    await using scene = await openScene(['ChatThreadCreated', 'ChatThreadCreatedWithUser']);
    const { ann, bob, rest } = scene;
    const body = {
      topic: 'Rent',
      metadata: { house: '7' },
      participants: [{ communicationIdentifier: { communicationUser: { id: bob.id } }, displayName: 'Bob', metadata: { role: 'tenant' } }],
    };
    await rest.call('POST', '/chat/threads', { body });
    const [inThread, toBob] = await scene.told(2);
    const createdBy = identifier(ann);
    const bobThere = { displayName: 'Bob', participantCommunicationIdentifier: identifier(bob), metadata: { role: 'tenant' } };
    const data = {
      createdByCommunicationIdentifier: createdBy,
      properties: { topic: 'Rent' },
      metadata: { house: '7' },
      participants: [{ participantCommunicationIdentifier: createdBy }, bobThere],
      createTime: ISO,
    };
    expect(inThread).toMatchObject({ type: `${NAME}ChatThreadCreated`, data });
    expect(toBob).toMatchObject({
      type: `${NAME}ChatThreadCreatedWithUser`,
      subject: `${inThread?.subject ?? ''}/recipient/${bob.id}`,
      data: { ...data, createdBy: ann.id, members: [{ memberId: ann.id }, { displayName: 'Bob', memberId: bob.id }], recipientId: bob.id },
    });
  });

  it('a changed topic is told', async () => {
    await using scene = await openScene(['ChatThreadPropertiesUpdated', 'ChatThreadPropertiesUpdatedPerUser']);
    const { ann, bob, cem, thread, rest } = scene;
    await rest.call('PATCH', threadPath(thread), { body: { topic: 'Dinner' } });
    const [inThread, ...perUser] = await scene.told(3);
    expect(inThread).toMatchObject({
      type: `${NAME}ChatThreadPropertiesUpdated`,
      subject: `thread/${thread}/editedBy/${ann.id}`,
      data: { properties: { topic: 'Dinner' }, metadata: {}, editTime: ISO, createTime: ISO },
    });
    expect(recipients(perUser)).toEqual(ids(bob, cem));
  });

  it('a deleted thread is told', async () => {
    await using scene = await openScene(['ChatThreadDeleted', 'ChatThreadWithUserDeleted']);
    const { ann, bob, cem, thread, rest } = scene;
    await rest.call('DELETE', threadPath(thread));
    const [inThread, ...perUser] = await scene.told(3);
    expect(inThread).toMatchObject({
      type: `${NAME}ChatThreadDeleted`,
      subject: `thread/${thread}/deletedBy/${ann.id}`,
      data: { deletedByCommunicationIdentifier: identifier(ann), deleteTime: ISO, createTime: ISO },
    });
    expect(recipients(perUser)).toEqual(ids(bob, cem));
  });

  it('a thread that its policy ends is told to everybody, its creator included', async () => {
    // A listener would have to answer while the clock goes on.
    await using receiver = await EventReceiver.open();
    const [ann, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    const rest = new ChatRest(server.endpoint, ann);
    const thread = await rest.createThread([bob]);
    const includedEventTypes = [`${NAME}ChatThreadDeleted`, `${NAME}ChatThreadWithUserDeleted`];
    await server.admin('POST', '/admin/events/subscriptions', { name: 'policy', endpointUrl: receiver.url, includedEventTypes });
    const retentionPolicy = { kind: 'threadCreationDate', deleteThreadAfterDays: 30 };
    expect((await rest.call('PATCH', threadPath(thread), { body: { retentionPolicy } })).status).toBe(204);
    await server.admin('POST', '/admin/clock:advance', { by: 'P30D' });
    await receiver.until(() => receiver.deliveries.length >= 3);
    const events = receiver.deliveries.flatMap(({ text }) => eventsIn(text));
    const [inThread, ...perUser] = checked(events, 3);
    expect(inThread?.subject).toBe(`thread/${thread}/deletedBy/${ann.id}`);
    expect(recipients(perUser)).toEqual(ids(ann, bob));
  });
});

describe('R103: participants', () => {
  it('each of those added is told to the thread, to who was there, and to themselves', async () => {
    await using scene = await openScene(['ChatThreadParticipantAdded', 'ChatParticipantAddedToThreadWithUser']);
    const { ann, bob, cem, thread, rest } = scene;
    const [dan, eve] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    await rest.add(thread, [dan, eve], { displayName: 'New' });
    const events = await scene.told(2 + 2 * 3);
    const inThread = events.filter(({ type }) => type === `${NAME}ChatThreadParticipantAdded`);
    expect(inThread.map(({ subject }) => subject).sort()).toEqual(ids(dan, eve).map((id) => `thread/${thread}/participantadded/${id}`));
    const ofDan = events.filter(({ subject }) => subject.startsWith(`thread/${thread}/participantAdded/${dan.id}/recipient/`));
    expect(recipients(ofDan)).toEqual(ids(bob, cem, dan));
    expect(ofDan[0]?.data).toMatchObject({
      time: ISO,
      addedByCommunicationIdentifier: identifier(ann),
      participantAdded: { displayName: 'New', participantCommunicationIdentifier: identifier(dan) },
    });
  });

  it('one removed is told to the thread, to who stays, and to the one removed', async () => {
    await using scene = await openScene(['ChatThreadParticipantRemoved', 'ChatParticipantRemovedFromThreadWithUser']);
    const { ann, bob, cem, thread, rest } = scene;
    await rest.remove(thread, bob);
    const events = await scene.told(3);
    const [inThread] = events.filter(({ type }) => type === `${NAME}ChatThreadParticipantRemoved`);
    expect(inThread).toMatchObject({
      subject: `thread/${thread}/participantremoved/${bob.id}`,
      data: {
        time: ISO,
        removedByCommunicationIdentifier: identifier(ann),
        participantRemoved: { participantCommunicationIdentifier: identifier(bob) },
      },
    });
    expect(recipients(events.filter((event) => event !== inThread))).toEqual(ids(bob, cem));
  });

  it('a deleted user leaves every thread, which is told as an act of that user', async () => {
    await using scene = await openScene(['ChatThreadParticipantRemoved', 'ChatParticipantRemovedFromThreadWithUser']);
    const { ann, bob, cem, thread } = scene;
    await connectLatest(server.connectionString).deleteUser({ communicationUserId: bob.id });
    const events = await scene.told(3);
    const [inThread] = events.filter(({ type }) => type === `${NAME}ChatThreadParticipantRemoved`);
    expect(inThread?.subject).toBe(`thread/${thread}/participantremoved/${bob.id}`);
    expect(recipients(events.filter((event) => event !== inThread))).toEqual(ids(ann, cem));
  });
});

it('R104: a subscription matches types whatever their case, and gets no others', async () => {
  await using listener = await EventListener.open(server, { types: ['MICROSOFT.communication.chatMESSAGEreceivedINthread'] });
  const rest = new ChatRest(server.endpoint, await newUser(server));
  const thread = await rest.createThread();
  await rest.send(thread, 'one');
  await rest.send(thread, 'two');
  const events = await listener.until(2);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set([`${NAME}ChatMessageReceivedInThread`]));
});

it('the log shows events that nobody subscribed to, each time the same', async () => {
  const users = await newUsers(server, 3);
  const rest = new ChatRest(server.endpoint, users[0] as ChatUser);
  const thread = await rest.createThread(users.slice(1));
  await rest.send(thread, 'unheard');
  const list = async () => {
    const { body } = await server.admin<{ value: { event: { id: string; subject: string }; deliveries: unknown[] }[] }>(
      'GET',
      '/admin/events?type=ChatMessageReceived&match=unheard&wait=10s&count=2',
    );
    return body.value;
  };
  const listed = await list();
  expect(listed).toHaveLength(2);
  expect(listed[0]?.deliveries).toEqual([]);
  expect(await list()).toEqual(listed);
});
