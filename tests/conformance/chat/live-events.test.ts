import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, threadPath } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { connectLive, type LiveClient, type Push } from '../../lib/live-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

type Event = Push['event'];

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const MS = expect.stringMatching(/^\d{13}$/) as string;
const ANY = expect.any(String) as string;

let server: TestServer;
let alice: ChatUser;
let bob: ChatUser;
let rest: ChatRest;
let aliceLive: LiveClient;
let bobLive: LiveClient;

beforeAll(async () => {
  server = await startServer();
  [alice, bob] = await Promise.all([newUser(server), newUser(server)]);
  rest = new ChatRest(server.endpoint, alice);
  [aliceLive, bobLive] = await Promise.all([connectLive(server.endpoint, alice), connectLive(server.endpoint, bob)]);
});

afterAll(async () => {
  aliceLive.socket.terminate();
  bobLive.socket.terminate();
  await server.stop();
});

/** The event as Alice and Bob get it, the sender included. */
async function both(eventId: number, threadId: string): Promise<readonly [Event, Event]> {
  return Promise.all([aliceLive.event(eventId, threadId), bobLive.event(eventId, threadId)]);
}

function recipient({ id }: ChatUser): object {
  return { recipientId: id.replace(/^8:/, ''), recipientMri: id };
}

/** Members that 200 and 245 to 248 have in common. */
function messageMembers(threadId: string, messageId: string): object {
  return {
    senderId: alice.id,
    groupId: threadId,
    messageId,
    transactionId: ANY,
    collapseId: ANY,
    clientMessageId: '',
    priority: '',
    originalArrivalTime: ISO,
  };
}

function threadMembers(threadId: string): object {
  return { senderId: alice.id, groupId: '', threadId, transactionId: ANY, collapseId: '', threadType: 'chat', version: MS };
}

describe('events of messages', () => {
  it('R34 R35: 200 tells everybody of a message', async () => {
    const threadId = await rest.createThread([bob]);
    const messageId = await rest.send(threadId, 'Hello', { senderDisplayName: 'Alice', metadata: { mood: 'good' } });
    const events = await both(200, threadId);
    for (const [i, user] of [alice, bob].entries()) {
      expect(events[i]).toEqual({
        eventId: 200,
        ...recipient(user),
        ...messageMembers(threadId, messageId),
        messageType: 'Text',
        messageBody: 'Hello',
        senderDisplayName: 'Alice',
        version: messageId,
        acsChatMessageMetadata: '{"mood":"good"}',
      });
      expect(Date.parse(events[i]!['originalArrivalTime'] as string)).toBe(Number(messageId));
    }
  });

  it('R34: 200 carries cleaned html and its type', async () => {
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, '<b>x</b><script>alert(1)</script>', { type: 'html' });
    for (const event of await both(200, threadId)) expect(event).toMatchObject({ messageType: 'RichText/Html', messageBody: '<b>x</b>' });
  });

  it('R37: 247 tells everybody of an edit', async () => {
    const threadId = await rest.createThread([bob]);
    const messageId = await rest.send(threadId, 'Helo', { senderDisplayName: 'Alice' });
    await rest.call('PATCH', `${threadPath(threadId)}/messages/${messageId}`, { body: { content: 'Hello', metadata: { a: 'b' } } });
    const { version } = await rest.message(threadId, messageId);
    for (const event of await both(247, threadId)) {
      expect(event).toMatchObject({
        ...messageMembers(threadId, messageId),
        messageType: 'Text',
        messageBody: 'Hello',
        senderDisplayName: 'Alice',
        acsChatMessageMetadata: '{"a":"b"}',
        version,
        edittime: ISO,
        composetime: ISO,
      });
      expect(Date.parse(event['edittime'] as string)).toBeGreaterThan(Number(messageId));
    }
  });

  it('R37: 248 tells everybody of a deletion and repeats nothing of the message', async () => {
    const threadId = await rest.createThread([bob]);
    const messageId = await rest.send(threadId, 'Oops', { metadata: { secret: 'x' } });
    await rest.call('DELETE', `${threadPath(threadId)}/messages/${messageId}`);
    const { version } = await rest.message(threadId, messageId);
    for (const event of await both(248, threadId)) {
      expect(event).toMatchObject({ ...messageMembers(threadId, messageId), messageType: 'Text', version, deletetime: ISO });
      expect(event).not.toHaveProperty('messageBody');
      expect(event).not.toHaveProperty('acsChatMessageMetadata');
    }
  });

  it('R36: 245 tells of typing', async () => {
    const threadId = await rest.createThread([bob]);
    await rest.call('POST', `${threadPath(threadId)}/typing`, { body: { senderDisplayName: 'Alice' } });
    for (const event of await both(245, threadId)) {
      expect(event).toMatchObject({
        ...messageMembers(threadId, ANY),
        messageType: 'Control/Typing',
        senderDisplayName: 'Alice',
        version: MS,
      });
      expect(event).not.toHaveProperty('messageBody');
    }
  });
});

describe('events of threads', () => {
  it('R37: 257 tells everybody of a new thread, its creator included', async () => {
    const body = {
      topic: 'Lunch at 100%',
      metadata: { k: 'v%' },
      retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 60 },
      participants: [
        { communicationIdentifier: { communicationUser: { id: alice.id } }, displayName: 'Alice' },
        {
          communicationIdentifier: { communicationUser: { id: bob.id } },
          shareHistoryTime: '2020-10-30T10:10:50Z',
          metadata: { role: 'x' },
        },
      ],
    };
    const { body: created } = await rest.call<{ chatThread: { id: string } }>('POST', '/chat/threads', { body });
    const threadId = created.chatThread.id;
    const events = await both(257, threadId);
    for (const [i, user] of [alice, bob].entries()) {
      const event = events[i]!;
      expect(event).toEqual({
        eventId: 257,
        ...recipient(user),
        ...threadMembers(threadId),
        createTime: ISO,
        createdBy: ANY,
        members: ANY,
        properties: ANY,
      });
      expect(nested(event, 'createdBy')).toEqual({ participantId: alice.id, displayName: 'Alice' });
      expect(nested(event, 'members')).toEqual([
        { participantId: alice.id, displayName: 'Alice', shareHistoryTime: 0 },
        { participantId: bob.id, displayName: null, shareHistoryTime: Date.parse('2020-10-30T10:10:50Z'), memberMetaData: '{"role":"x"}' },
      ]);
      expect(nested(event, 'properties')).toEqual({
        topic: 'Lunch at 100%',
        acsChatThreadMetadata: '{"k":"v%"}',
        retentionPolicy: '{"retentionPolicyType":"DeleteAfterCreationTime","executeAfter":"60.00:00:00"}',
      });
    }
  });

  it('R37: 258 tells everybody of the properties, all of them', async () => {
    const threadId = await rest.createThread([bob]);
    await rest.call('PATCH', threadPath(threadId), { body: { metadata: { a: '1' } } });
    await both(258, threadId);
    await rest.call('PATCH', threadPath(threadId), { body: { topic: 'New' } });
    for (const event of await both(258, threadId)) {
      expect(event).toMatchObject({ ...threadMembers(threadId), editTime: ISO });
      expect(nested(event, 'editedBy')).toMatchObject({ participantId: alice.id });
      expect(nested(event, 'properties')).toEqual({ topic: 'New', acsChatThreadMetadata: '{"a":"1"}' });
    }
  });

  it('R37 R44: 259 tells everybody of a deletion by a user', async () => {
    const threadId = await rest.createThread([bob]);
    await rest.call('DELETE', threadPath(threadId));
    for (const event of await both(259, threadId)) {
      expect(event).toMatchObject({ ...threadMembers(threadId), deleteTime: ISO, reason: 'deletedByUser' });
      expect(nested(event, 'deletedBy')).toMatchObject({ participantId: alice.id });
    }
  });

  it('R31: 260 tells those who were there and those who came; the system message is there by then', async () => {
    const threadId = await rest.createThread();
    const added = rest.add(threadId, [bob], { displayName: 'Bob 100%' });
    const messages = bobLive.event(260, threadId).then(() => new ChatRest(server.endpoint, bob).messages(threadId));
    expect((await messages)[0]).toMatchObject({ type: 'participantAdded', sequenceId: '3' });
    await added;
    const event = await aliceLive.event(260, threadId);
    expect(event).toMatchObject({ ...threadMembers(threadId), time: ISO });
    expect(nested(event, 'addedBy')).toMatchObject({ participantId: alice.id });
    expect(nested(event, 'participantsAdded')).toEqual([{ participantId: bob.id, displayName: 'Bob 100%', shareHistoryTime: 0 }]);
  });

  it('R31: 261 tells those who stay and the one who goes', async () => {
    const threadId = await rest.createThread([bob]);
    await rest.remove(threadId, bob);
    for (const event of await both(261, threadId)) {
      expect(event).toMatchObject({ ...threadMembers(threadId), time: ISO });
      expect(nested(event, 'removedBy')).toMatchObject({ participantId: alice.id });
      expect(nested(event, 'participantsRemoved')).toMatchObject([{ participantId: bob.id }]);
    }
  });

  it('R37: a literal percent sign is nowhere in nested members: clients unescape them or do not', async () => {
    const threadId = await rest.createThread([bob], '%41 %u0041 100%');
    const event = await bobLive.event(257, threadId);
    for (const name of ['createdBy', 'members', 'properties']) expect(event[name]).not.toContain('%');
    expect(nested(event, 'properties')).toEqual({ topic: '%41 %u0041 100%' });
  });
});

describe('pushed requests', () => {
  it('R35: go to the registered path and are numbered in each connection', async () => {
    using live = await connectLive(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    for (let i = 0; i < 3; i++) await rest.send(threadId, String(i));
    await live.pushes.take(({ event }) => event['messageBody'] === '2');
    expect(live.pushes.all.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    const { pathname } = new URL(live.allocation.surl);
    for (const { method, url, headers } of live.pushes.all) {
      expect({ method, type: headers['Content-Type'] }).toEqual({ method: 'POST', type: 'application/json' });
      expect(url.startsWith(pathname)).toBe(true);
    }
  });
});

/** Members of thread events are JSON in a string. */
function nested(event: Event, name: string): unknown {
  return JSON.parse(event[name] as string);
}
