import type { ChatMessage, ChatMessageDeletedEvent, ChatMessageEditedEvent, ChatMessageReceivedEvent } from '@azure/communication-chat';
import { describe, expect, it } from 'vitest';
import type { TextMessage } from '../message.ts';
import { fromEvent, fromHistory } from './message.ts';

const alice = '8:acs:r_alice';
const bob = '8:acs:r_bob';
const createdOn = new Date('2026-11-22T10:00:00Z');

function text(id: string, version = id, words = 'hello'): TextMessage {
  return {
    kind: 'text',
    id,
    version,
    senderId: alice,
    senderName: 'Alice',
    text: words,
    isHtml: false,
    createdOn,
    edited: version !== id,
    deleted: false,
  };
}

describe('fromHistory', () => {
  const base = { id: '7', sequenceId: '3', version: '9', createdOn };

  it('maps an edited text message', () => {
    const message: ChatMessage = {
      ...base,
      type: 'text',
      content: { message: 'hi' },
      sender: { kind: 'communicationUser', communicationUserId: alice },
      senderDisplayName: 'Alice',
      editedOn: createdOn,
    };
    expect(fromHistory(message)).toEqual({ ...text('7', '9', 'hi'), edited: true });
  });

  it('shows nothing of the content of a deleted message', () => {
    const message: ChatMessage = { ...base, type: 'text', content: { message: 'secret' }, deletedOn: createdOn };
    expect(fromHistory(message)).toMatchObject({ text: '', deleted: true });
  });

  it('maps system messages with initiator and participants', () => {
    const message: ChatMessage = {
      ...base,
      type: 'participantRemoved',
      content: {
        initiator: { kind: 'communicationUser', communicationUserId: alice },
        participants: [{ id: { communicationUserId: bob }, displayName: 'Bob' }],
      },
    };
    expect(fromHistory(message)).toMatchObject({ kind: 'system', change: 'removed', initiatorId: alice, participantIds: [bob] });
  });
});

describe('fromEvent', () => {
  const received: ChatMessageReceivedEvent = {
    threadId: '19:t@thread.v2',
    sender: { kind: 'communicationUser', communicationUserId: alice },
    senderDisplayName: 'Alice',
    recipient: { kind: 'communicationUser', communicationUserId: bob },
    id: '7',
    createdOn,
    version: '7',
    type: 'Text',
    message: 'hello',
    metadata: {},
  };

  it('agrees with history about the same message', () => {
    expect(fromEvent(received)).toEqual(text('7'));
  });

  it('marks edits, deletions and html', () => {
    const edited: ChatMessageEditedEvent = { ...received, version: '8', editedOn: createdOn };
    const { message: _, metadata: __, ...rest } = received;
    const deleted: ChatMessageDeletedEvent = { ...rest, version: '9', deletedOn: createdOn };
    expect(fromEvent(edited)).toMatchObject({ edited: true, deleted: false, text: 'hello' });
    expect(fromEvent(deleted)).toMatchObject({ deleted: true, text: '' });
    expect(fromEvent({ ...received, type: 'RichText/Html' }).isHtml).toBe(true);
  });
});
