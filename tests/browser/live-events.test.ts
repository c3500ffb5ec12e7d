import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asParticipant, identifierOf, timeOf, versionAfter } from '../lib/browser-chat-events.ts';
import type { ChatPageUser } from '../lib/browser-chat-user.ts';
import { ChatScene, openThread } from '../lib/browser-chat-scene.ts';
import { startServer } from '../lib/server.ts';

/** The legacy client unescapes percent signs once; none of these may change on the way. */
const AWKWARD = '100 % of %41 “quotes” \\ 🎉 ü';

describe.each([
  { sdk: '@azure/communication-chat', transport: 'socket' },
  { sdk: '@azure/communication-chat-1.5.4', transport: 'socket' },
  { sdk: '@azure/communication-chat', transport: 'polling' },
] as const)('a page of another origin with $sdk over a $transport', ({ sdk, transport }) => {
  const stack = new AsyncDisposableStack();
  const isCurrent = sdk === '@azure/communication-chat';
  /** What version 1.5.4 does not tell yet. */
  const sinceCurrent = <T extends object>(members: T): T | Record<never, never> => (isCurrent ? members : {});
  let scene: ChatScene;
  let alice: ChatPageUser;
  let bob: ChatPageUser;

  beforeAll(async () => {
    const server = stack.use(await startServer());
    scene = stack.use(await ChatScene.open(server, { sdk, transport }));
    alice = await scene.join(`Alice ${AWKWARD}`);
    bob = await scene.join('Bob');
    expect(scene.refusedSockets).toBe(transport === 'polling' ? 2 : 0);
  });
  afterAll(() => stack.disposeAsync());

  /** Everybody's next event of this name, in the order alice, bob, others. */
  function everybodysNext(event: string, ...others: readonly ChatPageUser[]): Promise<Readonly<Record<string, unknown>>[]> {
    return Promise.all([alice, bob, ...others].map((user) => user.next(event)));
  }

  it('R35 R34: chatMessageReceived reaches everybody, the sender included, with text, sender, metadata and time', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    const options = { senderDisplayName: alice.name, metadata: { color: AWKWARD } };
    const { id } = await alice.thread(threadId, 'sendMessage', { content: AWKWARD }, options);
    const received = await everybodysNext('chatMessageReceived');
    expect(received).toEqual(
      [alice, bob].map((recipient) => ({
        threadId,
        id,
        type: 'Text',
        message: AWKWARD,
        metadata: { color: AWKWARD },
        attachments: [],
        sender: identifierOf(alice),
        senderDisplayName: alice.name,
        recipient: identifierOf(recipient),
        createdOn: new Date(Number(id)),
        version: id,
      })),
    );
  });

  it('R35: html messages arrive with their type, cleaned of script', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    await bob.thread(threadId, 'sendMessage', { content: '<b>bold</b><script>alert(1)</script>' }, { type: 'html' });
    const [message] = await everybodysNext('chatMessageReceived');
    expect(message).toMatchObject({ type: 'RichText/Html', message: '<b>bold</b>', sender: identifierOf(bob) });
  });

  it('R34: many messages arrive once each, in the order they were sent', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    const sent = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    for (const content of sent) await alice.thread(threadId, 'sendMessage', { content });
    for (const user of [alice, bob]) {
      const texts: unknown[] = [];
      for (const _ of sent) texts.push((await user.next('chatMessageReceived')).message);
      expect(texts).toEqual(sent);
    }
  });

  it('R37: chatMessageEdited tells the new text and when', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    const { id } = await alice.thread(
      threadId,
      'sendMessage',
      { content: 'before' },
      { senderDisplayName: 'Alice', metadata: { kept: 'yes' } },
    );
    await everybodysNext('chatMessageReceived');
    await alice.thread(threadId, 'updateMessage', id, { content: AWKWARD });
    const events = await everybodysNext('chatMessageEdited');
    for (const [i, recipient] of [alice, bob].entries()) {
      expect(events[i]).toEqual({
        threadId,
        id,
        type: 'Text',
        message: AWKWARD,
        metadata: { kept: 'yes' },
        attachments: [],
        sender: identifierOf(alice),
        senderDisplayName: 'Alice',
        recipient: identifierOf(recipient),
        createdOn: new Date(Number(id)),
        editedOn: timeOf(events[i]!),
        version: versionAfter(id),
      });
    }
  });

  it('R37: chatMessageDeleted tells which message and when, and not what it said', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    const { id } = await alice.thread(
      threadId,
      'sendMessage',
      { content: 'secret' },
      { senderDisplayName: 'Alice', metadata: { also: 'secret' } },
    );
    await everybodysNext('chatMessageReceived');
    await alice.thread(threadId, 'deleteMessage', id);
    const events = await everybodysNext('chatMessageDeleted');
    for (const [i, recipient] of [alice, bob].entries()) {
      expect(events[i]).toEqual({
        threadId,
        id,
        type: 'Text',
        sender: identifierOf(alice),
        senderDisplayName: 'Alice',
        recipient: identifierOf(recipient),
        createdOn: new Date(Number(id)),
        deletedOn: timeOf(events[i]!),
        version: versionAfter(id),
      });
    }
  });

  it('R36: typingIndicatorReceived reaches everybody once, the sender included', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    const seenBefore = [alice, bob].map((user) => user.received.length);
    expect(await alice.thread(threadId, 'sendTypingNotification', { senderDisplayName: AWKWARD })).toBe(true);
    const events = await everybodysNext('typingIndicatorReceived');
    for (const [i, recipient] of [alice, bob].entries()) {
      expect(events[i]).toEqual({
        threadId,
        sender: identifierOf(alice),
        senderDisplayName: AWKWARD,
        recipient: identifierOf(recipient),
        receivedOn: timeOf(events[i]!),
        version: String(timeOf(events[i]!).getTime()),
      });
    }
    // Pushes keep their order, so with a later message everything before it has arrived.
    await bob.thread(threadId, 'sendMessage', { content: 'later' });
    await everybodysNext('chatMessageReceived');
    for (const [i, user] of [alice, bob].entries()) {
      expect(user.received.slice(seenBefore[i]).map(({ name }) => name)).toEqual(['typingIndicatorReceived', 'chatMessageReceived']);
    }
  });

  it('R37: readReceiptReceived reaches the others and not the reader', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    const { id } = await alice.thread(threadId, 'sendMessage', { content: 'read me' });
    await everybodysNext('chatMessageReceived');
    const seenBefore = bob.received.length;
    await bob.thread(threadId, 'sendReadReceipt', { chatMessageId: id });
    const event = await alice.next('readReceiptReceived');
    expect(event).toEqual({
      threadId,
      chatMessageId: id,
      sender: identifierOf(bob),
      senderDisplayName: '',
      recipient: identifierOf(alice),
      readOn: timeOf(event),
    });
    await alice.thread(threadId, 'sendMessage', { content: 'later' });
    await everybodysNext('chatMessageReceived');
    expect(bob.received.slice(seenBefore).map(({ name }) => name)).toEqual(['chatMessageReceived']);
  });

  it('R37: chatThreadCreated reaches creator and participants with topic, metadata and everybody’s names', async () => {
    const participants = [alice, bob].map((user) => ({ ...asParticipant(user), metadata: { role: AWKWARD } }));
    const options = { participants, metadata: { kind: AWKWARD } };
    const { chatThread } = await alice.client('createChatThread', { topic: AWKWARD }, options);
    for (const event of await everybodysNext('chatThreadCreated')) {
      const createdOn = event.createdOn as Date;
      // REST answers in whole seconds.
      expect(Math.floor(createdOn.getTime() / 1000) * 1000).toBe(chatThread!.createdOn.getTime());
      expect(event).toEqual({
        threadId: chatThread!.id,
        createdOn,
        createdBy: actor(alice),
        participants: [alice, bob].map((user) => ({
          id: identifierOf(user),
          displayName: user.name,
          ...sinceCurrent({ metadata: { role: AWKWARD } }),
        })),
        properties: { topic: AWKWARD, ...sinceCurrent({ metadata: { kind: AWKWARD } }) },
        ...sinceCurrent({ retentionPolicy: { kind: 'none' } }),
        version: String(createdOn.getTime()),
      });
    }
  });

  it('R37: chatThreadPropertiesUpdated tells who changed the topic, and all properties', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    await bob.thread(threadId, 'updateTopic', AWKWARD);
    for (const event of await everybodysNext('chatThreadPropertiesUpdated')) {
      expect(event).toEqual({
        threadId,
        updatedOn: timeOf(event),
        updatedBy: actor(bob),
        properties: { topic: AWKWARD, ...sinceCurrent({ metadata: {} }) },
        ...sinceCurrent({ retentionPolicy: { kind: 'none' } }),
        version: String(timeOf(event).getTime()),
      });
    }
  });

  if (isCurrent) {
    it('R37 R42: chatThreadPropertiesUpdated tells metadata and retention policy', async () => {
      const threadId = await openThread('Lunch', alice, bob);
      const retentionPolicy = { kind: 'threadCreationDate', deleteThreadAfterDays: 40 } as const;
      await alice.thread(threadId, 'updateProperties', { metadata: { kind: AWKWARD }, retentionPolicy });
      for (const event of await everybodysNext('chatThreadPropertiesUpdated')) {
        expect(event).toMatchObject({ threadId, properties: { topic: 'Lunch', metadata: { kind: AWKWARD } }, retentionPolicy });
      }
    });
  }

  it('R37 R44: chatThreadDeleted reaches everybody', async () => {
    const threadId = await openThread('Lunch', alice, bob);
    await alice.client('deleteChatThread', threadId);
    for (const event of await everybodysNext('chatThreadDeleted')) {
      expect(event).toEqual({
        threadId,
        deletedOn: timeOf(event),
        deletedBy: actor(alice),
        ...sinceCurrent({ reason: 'deletedByUser' }),
        version: String(timeOf(event).getTime()),
      });
    }
  });

  it('R31 R37: participantsAdded reaches the old and the new ones, with name, history time and metadata', async () => {
    const carol = await scene.join('Carol');
    const threadId = await openThread('Lunch', alice, bob);
    const shareHistoryTime = new Date(Date.UTC(2020, 9, 30, 10, 50, 50));
    const added = { ...asParticipant(carol), displayName: AWKWARD, shareHistoryTime, metadata: { role: AWKWARD } };
    await bob.thread(threadId, 'addParticipants', { participants: [added] });
    for (const event of await everybodysNext('participantsAdded', carol)) {
      expect(event).toEqual({
        threadId,
        addedOn: timeOf(event),
        addedBy: actor(bob),
        participantsAdded: [
          { id: identifierOf(carol), displayName: AWKWARD, shareHistoryTime, ...sinceCurrent({ metadata: { role: AWKWARD } }) },
        ],
        version: String(timeOf(event).getTime()),
      });
    }
  });

  it('R31 R37: participantsRemoved reaches the remaining ones and the removed one, who hears nothing after it', async () => {
    const carol = await scene.join('Carol');
    const threadId = await openThread('Lunch', alice, bob);
    const shareHistoryTime = new Date(Date.UTC(2020, 9, 30, 10, 50, 50));
    await alice.thread(threadId, 'addParticipants', { participants: [{ ...asParticipant(carol), shareHistoryTime }] });
    await everybodysNext('participantsAdded', carol);
    await alice.thread(threadId, 'removeParticipant', { communicationUserId: carol.id });
    for (const event of await everybodysNext('participantsRemoved', carol)) {
      expect(event).toEqual({
        threadId,
        removedOn: timeOf(event),
        removedBy: actor(alice),
        participantsRemoved: [{ id: identifierOf(carol), displayName: carol.name, shareHistoryTime, ...sinceCurrent({ metadata: {} }) }],
        version: String(timeOf(event).getTime()),
      });
    }
    await alice.thread(threadId, 'sendMessage', { content: 'without Carol' });
    await everybodysNext('chatMessageReceived');
    const other = await openThread('Marker', alice, carol);
    await alice.thread(other, 'sendMessage', { content: 'with Carol' });
    await alice.next('chatMessageReceived');
    expect(await carol.next('chatMessageReceived')).toMatchObject({ threadId: other, message: 'with Carol' });
  });

  it('R38: nothing is pushed to a client that ended its notifications, and REST goes on', async () => {
    const dave = await scene.join('Dave');
    const threadId = await openThread('Lunch', alice, bob, dave);
    await dave.disconnect();
    const { id } = await dave.thread(threadId, 'sendMessage', { content: 'by REST' });
    await everybodysNext('chatMessageReceived');
    expect((await dave.thread(threadId, 'getMessage', id)).content).toMatchObject({ message: 'by REST' });
    expect(dave.received.map(({ name }) => name)).toEqual(['realTimeNotificationConnected', 'chatThreadCreated']);
  });

  it('R35: no error is left in the page', () => {
    expect(scene.chat.errors).toEqual([]);
  });

  function actor(user: ChatPageUser): object {
    return { id: identifierOf(user), displayName: user.name, ...sinceCurrent({ metadata: {} }) };
  }
});
