import type { ChatParticipantInput } from '@switchboard/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limits } from '../limits/index.ts';
import { canChat, parseParticipants, rawIdOf } from './participants.ts';

const limits = new Limits({ preset: 'handbook' });
const ANN = '8:acs:11111111-1111-4111-8111-111111111111_22222222-2222-4222-8222-222222222222';

const parse = (...inputs: ChatParticipantInput[]) => parseParticipants(inputs, limits);

describe('R30: wanted participants', () => {
  it.each<[string, ChatParticipantInput]>([
    ['the published form', { communicationIdentifier: { communicationUser: { id: ANN } } }],
    ['the published form with its raw id', { communicationIdentifier: { rawId: ANN, communicationUser: { id: ANN } } }],
    ['a raw id alone', { communicationIdentifier: { rawId: ANN } }],
    ['the form of the handbook', { id: { communicationUserId: ANN } }],
    [
      'explicit nulls',
      {
        communicationIdentifier: { rawId: ANN, communicationUser: null },
        id: null,
        displayName: null,
        shareHistoryTime: null,
        metadata: null,
      },
    ],
  ])('come in %s', (_form, input) => {
    expect(parse(input)).toEqual([{ target: 'participants[0]', userId: ANN, historyFromMs: 0 }]);
  });

  it('keep what is said of them', () => {
    const input = { id: { communicationUserId: ANN }, displayName: 'Ann', shareHistoryTime: '2026-01-15T10:00:00Z', metadata: { a: '1' } };
    expect(parse(input)).toEqual([
      { target: 'participants[0]', userId: ANN, displayName: 'Ann', historyFromMs: Date.UTC(2026, 0, 15, 10), metadata: { a: '1' } },
    ]);
  });

  it('are one each, as last said', () => {
    const twice = parse(
      { id: { communicationUserId: ANN }, displayName: 'first' },
      { id: { communicationUserId: ANN }, displayName: 'last' },
    );
    expect(twice).toMatchObject([{ userId: ANN, displayName: 'last' }]);
  });

  it.each<[string, ChatParticipantInput, string]>([
    ['nobody', {}, 'participants[1].communicationIdentifier'],
    ['an empty id', { communicationIdentifier: { communicationUser: { id: '' } } }, 'participants[1].communicationIdentifier'],
    ['no time', { id: { communicationUserId: 'x' }, shareHistoryTime: 'yesterday' }, 'participants[1].shareHistoryTime'],
    ['too much metadata', { id: { communicationUserId: 'x' }, metadata: { a: 'x'.repeat(1_024) } }, 'participants[1].metadata'],
  ])('are refused by field: %s', (_what, input, target) => {
    expect(() => parse({ id: { communicationUserId: ANN } }, input)).toThrow(expect.objectContaining({ status: 400, target }));
  });

  it('R33: are as many as the preset allows in one call', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ id: { communicationUserId: `8:acs:${i}` } }));
    expect(parseParticipants(many(250), limits)).toHaveLength(250);
    expect(() => parseParticipants(many(251), limits)).toThrow(expect.objectContaining({ status: 400, target: 'participants' }));
    expect(() => parseParticipants(many(201), new Limits({ preset: 'azure' }))).toThrow(/at most 200 under the preset azure/);
  });
});

describe('a raw id', () => {
  it.each([
    [{ phoneNumber: { value: '+15551234567' } }, '4:+15551234567'],
    [{ microsoftTeamsUser: { userId: 'guid' } }, '8:orgid:guid'],
    [{ communicationUser: { id: 'a' }, rawId: 'b' }, 'a'],
    [{}, undefined],
    [{ rawId: '' }, undefined],
  ])('of %j is %s', (identifier, rawId) => {
    expect(rawIdOf(identifier)).toBe(rawId);
  });

  it('of a user can chat, of a phone, bot or nothing cannot', () => {
    for (const rawId of [ANN, '8:orgid:guid', '8:gcch-acs:x_y', '8:teamsvisitor:x']) expect(canChat(rawId), rawId).toBe(true);
    for (const rawId of [
      '',
      '4:+1555',
      '28:orgid:bot',
      '8:acs:',
      '8:echo123',
      `8:acs:${'x'.repeat(500)}`,
      '8:acs:a b',
      '8:acs:a\n',
      'x8:acs:a',
    ]) {
      expect(canChat(rawId), rawId).toBe(false);
    }
  });

  it('is read from any text without fault', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof canChat(text) === 'boolean'));
  });
});
