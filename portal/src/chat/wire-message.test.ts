import { describe, expect, it } from 'vitest';
import { fromWire } from './wire-message.ts';

const base = { chatThreadId: '19:t@thread.v2', id: '7', sequenceId: '3', version: '9', createdOn: '2026-11-22T10:00:00Z' };
const ann = { rawId: '8:acs:r_ann' };

describe('a message of the admin API', () => {
  it('is a text with its sender, marks and metadata', () => {
    expect(
      fromWire({
        ...base,
        type: 'html',
        senderDisplayName: 'Ann',
        senderCommunicationIdentifier: ann,
        content: { message: '<b>hi</b>' },
        editedOn: base.createdOn,
        metadata: { k: 'v' },
      }),
    ).toEqual({
      kind: 'text',
      id: '7',
      version: '9',
      createdOn: new Date(base.createdOn),
      senderId: ann.rawId,
      senderName: 'Ann',
      text: '<b>hi</b>',
      isHtml: true,
      edited: true,
      deleted: false,
      metadata: { k: 'v' },
    });
  });

  it('shows nothing of what was deleted, and no metadata where there is none', () => {
    const message = fromWire({ ...base, type: 'text', content: { message: 'secret' }, deletedOn: base.createdOn, metadata: {} });
    expect(message).toMatchObject({ text: '', deleted: true });
    expect(message).not.toHaveProperty('metadata');
  });

  it.each([
    ['participantAdded', 'added'],
    ['participantRemoved', 'removed'],
    ['topicUpdated', 'topic'],
  ])('of the type %s is a system message', (type, change) => {
    const content = { initiatorCommunicationIdentifier: ann, participants: [{ communicationIdentifier: ann }], topic: 'Lunch' };
    expect(fromWire({ ...base, type, content })).toEqual({
      kind: 'system',
      id: '7',
      version: '9',
      createdOn: new Date(base.createdOn),
      change,
      initiatorId: ann.rawId,
      participantIds: [ann.rawId],
      topic: 'Lunch',
    });
  });
});
