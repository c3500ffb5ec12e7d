import { describe, expect, it } from 'vitest';
import { describeChange, mergeMessages } from './message.ts';
import type { SystemMessage, TextMessage } from './message.ts';

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

function change(details: Partial<SystemMessage>): SystemMessage {
  return {
    kind: 'system',
    id: '1',
    version: '1',
    createdOn,
    change: 'added',
    initiatorId: alice,
    participantIds: [bob],
    topic: '',
    ...details,
  };
}

const nameOf = (id: string): string => (id === alice ? 'Alice' : 'Bob');

describe('mergeMessages', () => {
  it('orders by id, whatever order messages came in', () => {
    expect(mergeMessages([text('30')], [text('100'), text('20')]).map((message) => message.id)).toEqual(['20', '30', '100']);
  });

  it('shows a message once that came as answer, event and history', () => {
    expect(mergeMessages([text('1')], [text('1'), text('1')])).toHaveLength(1);
  });

  it('keeps an edit when an older page of history arrives after it', () => {
    const edited = text('1', '5', 'corrected');
    expect(mergeMessages([edited], [text('1')])).toEqual([edited]);
    expect(mergeMessages([text('1')], [edited])).toEqual([edited]);
  });
});

describe('describeChange', () => {
  it.each([
    [change({}), 'Alice added Bob'],
    [change({ participantIds: [alice, bob] }), 'Alice and Bob joined'],
    [change({ change: 'removed' }), 'Alice removed Bob'],
    [change({ change: 'removed', participantIds: [alice] }), 'Alice left'],
    [change({ change: 'topic', participantIds: [], topic: 'Lunch' }), 'Alice named the thread “Lunch”'],
    [change({ initiatorId: undefined }), 'Bob joined'],
  ])('%#: %o', (message, line) => {
    expect(describeChange(message, nameOf)).toBe(line);
  });
});
