import type { ChatMessage, ChatParticipant, TypingIndicatorReceivedEvent } from '@azure/communication-chat';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from './chat-events.ts';
import { canWrite, chatReducer, initialChatState, nameOf, typingShownMs } from './chat-state.ts';
import type { ChatAction, ChatState } from './chat-state.ts';

const alice = '8:acs:r_alice';
const bob = '8:acs:r_bob';
const threadId = '19:open@thread.v2';
const at = new Date('2026-11-22T10:00:00Z');
const people: readonly ChatParticipant[] = [
  { id: { communicationUserId: alice }, displayName: 'Alice' },
  { id: { communicationUserId: bob }, displayName: 'Bob' },
];

function run(actions: readonly ChatAction[], from: ChatState = initialChatState(alice)): ChatState {
  return actions.reduce(chatReducer, from);
}

const opened = run([
  { type: 'connection', connection: 'live' },
  { type: 'threadOpened', threadId, topic: 'First chat' },
  { type: 'participantsLoaded', threadId, participants: people },
]);

function on(event: ChatEvent, receivedAtMs = 0): ChatAction {
  return { type: 'event', event, receivedAtMs };
}

interface Person {
  readonly id: { readonly kind: 'communicationUser'; readonly communicationUserId: string };
  readonly displayName: string;
  readonly metadata: Record<string, string>;
}

function person(id: string, displayName = ''): Person {
  return { id: { kind: 'communicationUser', communicationUserId: id }, displayName, metadata: {} };
}

function from(id: string): Omit<TypingIndicatorReceivedEvent, 'receivedOn'> {
  return { threadId, sender: person(id).id, senderDisplayName: '', recipient: person(alice).id, version: '1' };
}

function received(sender: string, id: string, thread = threadId): ChatEvent {
  const payload = { ...from(sender), threadId: thread, id, version: id, createdOn: at, type: 'Text', message: 'hello', metadata: {} };
  return { name: 'chatMessageReceived', payload };
}

function typing(sender: string): ChatEvent {
  return { name: 'typingIndicatorReceived', payload: { ...from(sender), receivedOn: at } };
}

function readBy(sender: string, chatMessageId: string): ChatEvent {
  return { name: 'readReceiptReceived', payload: { ...from(sender), chatMessageId, readOn: at } };
}

function removed(id: string): ChatEvent {
  const payload = {
    threadId,
    version: '2',
    removedOn: at,
    participantsRemoved: [person(id)],
    removedBy: person(bob),
  };
  return { name: 'participantsRemoved', payload };
}

function added(id: string, displayName: string): ChatEvent {
  const payload = {
    threadId,
    version: '3',
    addedOn: at,
    participantsAdded: [person(id, displayName)],
    addedBy: person(bob),
  };
  return { name: 'participantsAdded', payload };
}

describe('threads', () => {
  it('ignores events, history and answers of other threads', () => {
    const other = '19:other@thread.v2';
    const history: ChatMessage = { id: '1', type: 'text', sequenceId: '1', version: '1', createdOn: at };
    expect(run([on(received(bob, '1', other)), { type: 'historyLoaded', threadId: other, messages: [history] }], opened)).toBe(opened);
  });

  it('starts empty with the next thread, but stays connected and knows the names', () => {
    const next = run([on(received(bob, '1')), { type: 'threadOpened', threadId: '19:next@thread.v2', topic: 'Next' }], opened);
    expect(next).toMatchObject({ threadId: '19:next@thread.v2', topic: 'Next', messages: [], participants: [], connection: 'live' });
    expect(nameOf(next, bob)).toBe('Bob');
  });

  it('takes the topic from an update', () => {
    const payload = {
      threadId,
      version: '2',
      updatedOn: at,
      updatedBy: person(bob),
      properties: { topic: 'Lunch', metadata: {} },
      retentionPolicy: { kind: 'none' as const },
    };
    expect(run([on({ name: 'chatThreadPropertiesUpdated', payload })], opened).topic).toBe('Lunch');
  });

  it('can no longer be written to once deleted', () => {
    const payload = { threadId, version: '2', deletedOn: at, deletedBy: person(alice), reason: 'deletedByUser' };
    expect(canWrite(opened)).toBe(true);
    expect(canWrite(run([on({ name: 'chatThreadDeleted', payload })], opened))).toBe(false);
  });
});

describe('participants', () => {
  it('cannot write after their removal, and can again when added back', () => {
    const out = run([on(removed(alice))], opened);
    expect(canWrite(out)).toBe(false);
    expect(canWrite(run([on(added(alice, 'Alice'))], out))).toBe(true);
  });

  it('are listed once when added twice', () => {
    expect(run([on(added(bob, 'Robert'))], opened).participants).toEqual([alice, bob]);
  });

  it('keep their names after they left', () => {
    expect(nameOf(run([on(removed(bob))], opened), bob)).toBe('Bob');
  });
});

describe('typing', () => {
  it('shows others, not the user', () => {
    const state = run([on(typing(alice)), on(typing(bob), 5)], opened);
    expect(state.typing).toEqual([{ id: bob, sinceMs: 5 }]);
  });

  it('is renewed by the next notification instead of shown twice', () => {
    expect(run([on(typing(bob), 1), on(typing(bob), 8001)], opened).typing).toEqual([{ id: bob, sinceMs: 8001 }]);
  });

  it('ends with the message, with removal, and by time', () => {
    const state = run([on(typing(bob), 1000)], opened);
    expect(run([on(received(bob, '9'))], state).typing).toEqual([]);
    expect(run([on(removed(bob))], state).typing).toEqual([]);
    expect(run([{ type: 'typingExpired', nowMs: 1000 + typingShownMs - 1 }], state)).toBe(state);
    expect(run([{ type: 'typingExpired', nowMs: 1000 + typingShownMs }], state).typing).toEqual([]);
  });
});

describe('read receipts', () => {
  it('move forward only', () => {
    expect(run([on(readBy(bob, '20')), on(readBy(bob, '10'))], opened).seenUpTo).toBe('20');
    expect(run([on(readBy(bob, '9')), on(readBy(bob, '10'))], opened).seenUpTo).toBe('10');
  });

  it("do not count when they are the user's own", () => {
    expect(run([on(readBy(alice, '20'))], opened).seenUpTo).toBeUndefined();
  });
});

describe('names', () => {
  it('come from history too, and fall back to the end of the id', () => {
    const carol = '8:acs:r_carol';
    const sent: ChatMessage = {
      id: '1',
      type: 'text',
      sequenceId: '1',
      version: '1',
      createdOn: at,
      sender: person(carol).id,
      senderDisplayName: 'Carol',
    };
    expect(nameOf(opened, carol)).toBe('…_carol');
    expect(nameOf(run([{ type: 'historyLoaded', threadId, messages: [sent] }], opened), carol)).toBe('Carol');
  });
});
