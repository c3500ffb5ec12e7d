import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatFact } from '../chat-facts.ts';
import type { Message } from '../store/message-store.ts';
import { pushTail } from './payloads.ts';

const AT_MS = Date.UTC(2026, 0, 15, 10, 0, 0, 123);
const TIME = '2026-01-15T10:00:00.123Z';
const inThread = {
  resourceId: 'r',
  threadId: '19:t@thread.v2',
  recipients: ['8:acs:bob'],
  versionMs: AT_MS,
  createdAtMs: AT_MS,
  atMs: AT_MS,
};
const actor = { userId: '8:acs:ann', displayName: 'Ann' };

function message(changes: Partial<Message> = {}): Message {
  const content = { text: 'hello', senderDisplayName: 'Ann', metadata: { a: '1' } };
  return {
    id: AT_MS,
    sequence: 3,
    version: AT_MS,
    type: 'text',
    sender: actor.userId,
    content,
    editedAtMs: undefined,
    deletedAtMs: undefined,
    ...changes,
  };
}

/** What a client reads: a JSON text in the member of a JSON text, whose beginning is spliced in for each recipient. */
function read(fact: ChatFact): Record<string, unknown> {
  const body = JSON.parse(`"{\\"recipientId\\":\\"8:acs:bob\\",${pushTail(fact)}"`) as string;
  return JSON.parse(body) as Record<string, unknown>;
}

/** `unescape` of ECMA-262 annex B.2.1.2, which the stock client applies. */
function legacyUnescape(text: string): string {
  return text.replaceAll(/%u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, long: string | undefined, short: string | undefined) =>
    String.fromCharCode(parseInt(long ?? short ?? '', 16)),
  );
}

function nested(value: unknown): unknown {
  return JSON.parse(value as string);
}

describe('R34, R37: the payload of a live event', () => {
  it('of a message', () => {
    expect(read({ ...inThread, kind: 'messageReceived', message: message() })).toMatchObject({
      recipientId: '8:acs:bob',
      eventId: 200,
      senderId: '8:acs:ann',
      groupId: '19:t@thread.v2',
      messageId: String(AT_MS),
      messageType: 'Text',
      messageBody: 'hello',
      senderDisplayName: 'Ann',
      version: String(AT_MS),
      originalArrivalTime: TIME,
      acsChatMessageMetadata: '{"a":"1"}',
    });
    expect(read({ ...inThread, kind: 'messageReceived', message: message({ type: 'html' }) })).toMatchObject({
      messageType: 'RichText/Html',
    });
  });

  it('of an edited and of a deleted message', () => {
    expect(read({ ...inThread, kind: 'messageEdited', message: message() })).toMatchObject({
      eventId: 247,
      edittime: TIME,
      composetime: TIME,
      messageBody: 'hello',
    });
    const deleted = read({ ...inThread, kind: 'messageDeleted', message: message({ content: {} }) });
    expect(deleted).toMatchObject({ eventId: 248, deletetime: TIME });
    expect(deleted).not.toHaveProperty('messageBody');
  });

  it('of somebody who types', () => {
    expect(read({ ...inThread, kind: 'typing', sender: actor })).toMatchObject({
      eventId: 245,
      senderId: '8:acs:ann',
      senderDisplayName: 'Ann',
      originalArrivalTime: TIME,
    });
  });

  it('of a message that was read', () => {
    const messageId = AT_MS - 5_000;
    const payload = read({ ...inThread, kind: 'messageRead', reader: actor, messageId });
    expect(payload).toMatchObject({
      eventId: 246,
      senderId: '8:acs:ann',
      groupId: '19:t@thread.v2',
      messageId: String(messageId),
      clientMessageId: '0',
      messageType: 'ThreadActivity/MemberConsumptionHorizonUpdate',
    });
    expect(nested(payload['messageBody'])).toEqual({
      user: '8:acs:ann',
      consumptionhorizon: `${messageId};${AT_MS};0`,
      messageVisibilityTime: messageId,
      version: String(AT_MS),
    });
  });

  it('of a thread', () => {
    const properties = {
      topic: 'Grüße 100 %',
      metadata: { k: 'v' },
      retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 40 },
    } as const;
    const participants = [
      { userId: '8:acs:bob', displayName: 'Bob', historyFromMs: 0, metadata: { m: '1' } },
      { userId: '8:acs:eve', historyFromMs: 5 },
    ];
    const created = read({ ...inThread, kind: 'threadCreated', actor, properties, participants });
    expect(created).toMatchObject({ eventId: 257, threadId: '19:t@thread.v2', createTime: TIME });
    expect(nested(created['createdBy'])).toEqual({ participantId: '8:acs:ann', displayName: 'Ann' });
    expect(nested(created['members'])).toEqual([
      { participantId: '8:acs:bob', displayName: 'Bob', shareHistoryTime: 0, memberMetaData: '{"m":"1"}' },
      { participantId: '8:acs:eve', displayName: null, shareHistoryTime: 5 },
    ]);
    expect(nested(created['properties'])).toMatchObject({ topic: 'Grüße 100 %', acsChatThreadMetadata: '{"k":"v"}' });
    expect(read({ ...inThread, kind: 'threadUpdated', actor, properties })).toMatchObject({ eventId: 258, editTime: TIME });
    expect(read({ ...inThread, kind: 'threadDeleted', actor, reason: 'deletedByPolicy' })).toMatchObject({
      eventId: 259,
      deleteTime: TIME,
      reason: 'deletedByPolicy',
    });
    expect(nested(read({ ...inThread, kind: 'participantsAdded', actor, participants })['participantsAdded'])).toHaveLength(2);
    expect(read({ ...inThread, kind: 'participantsRemoved', actor, participants })).toMatchObject({ eventId: 261 });
  });

  const anyText = fc.string({
    unit: fc.oneof(
      fc.constantFrom('%', '"', '\\', '%25', '%u0041', '\n', 'é', '🙂', '\ud800', '\u2028', '\u0000'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
  });

  it('is ASCII, and gives back any text by parsing twice', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, name) => {
        const fact: ChatFact = {
          ...inThread,
          kind: 'messageReceived',
          message: message({ content: { text, senderDisplayName: name, metadata: { [name]: text } } }),
        };
        const tail = pushTail(fact);
        expect(tail).toMatch(/^[\x20-\x7e]*$/);
        const payload = read(fact);
        expect(payload).toMatchObject({ messageBody: text, senderDisplayName: name });
        expect(nested(payload['acsChatMessageMetadata'])).toEqual({ [name]: text });
      }),
      { numRuns: 1_000 },
    );
  });

  it('survives a client that unescapes percent signs before it parses what is nested', () => {
    fc.assert(
      fc.property(anyText, anyText, (topic, displayName) => {
        const payload = read({
          ...inThread,
          kind: 'threadCreated',
          actor: { ...actor, displayName },
          properties: { topic, metadata: { [topic]: displayName } },
          participants: [{ userId: 'u', displayName, historyFromMs: 0 }],
        });
        for (const name of ['createdBy', 'members', 'properties']) {
          const text = payload[name] as string;
          expect(nested(legacyUnescape(text))).toEqual(nested(text));
        }
        expect(nested(payload['createdBy'])).toMatchObject({ displayName });
        expect(nested(payload['properties'])).toMatchObject({ topic });
      }),
      { numRuns: 1_000 },
    );
  });
});
