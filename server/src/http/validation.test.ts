import {
  addChatParticipants,
  createChatThread,
  createIdentity,
  listChatMessages,
  type Operation,
  putTeamsAssignment,
  registerLive,
  removeChatParticipant,
  setFaultRules,
} from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { check, compileValidators } from './validation.ts';

function refusal(operation: Operation, part: 'params' | 'query' | 'body', value: unknown): string | undefined {
  try {
    check(compileValidators(operation)[part], value);
    return undefined;
  } catch (error) {
    const { status, target, message } = error as { status: number; target: string; message: string };
    expect(status).toBe(400);
    return `${target}: ${message}`;
  }
}

const user = { communicationIdentifier: { communicationUser: { id: '8:acs:x' } } };

describe('what is wrong with a body', () => {
  it.each<[string, Operation, unknown, string]>([
    ['a missing field', createChatThread, {}, 'topic: topic is required.'],
    ['a wrong type', createChatThread, { topic: 5 }, 'topic: topic must be string.'],
    ['no conversion', createIdentity, { expiresInMinutes: '60' }, 'expiresInMinutes: expiresInMinutes must be integer'],
    [
      'an element',
      createChatThread,
      { topic: 't', participants: [user, user, { ...user, displayName: 5 }] },
      'participants[2].displayName: participants[2].displayName must be string',
    ],
    ['a list that is none', addChatParticipants, { participants: {} }, 'participants: participants must be array.'],
    [
      'a deep field',
      createChatThread,
      { topic: 't', participants: [{ communicationIdentifier: { communicationUser: {} } }] },
      'participants[0].communicationIdentifier.communicationUser.id: ',
    ],
    ['a value of a map', createChatThread, { topic: 't', metadata: { 'a/b': 1 } }, 'metadata.a/b: metadata.a/b must be string'],
    ['a choice', putTeamsAssignment, { principalType: 'robot' }, 'principalType: '],
    ['too few', registerLive, { registrationId: 'r', transports: { TROUTER: [] } }, 'transports.TROUTER: '],
    ['no object', createChatThread, [], ': The body must be object.'],
    [
      'an unknown field where none may be',
      setFaultRules,
      { rules: [{ http: { stauts: 503 } }] },
      'rules[0].http.stauts: rules[0].http.stauts is unknown',
    ],
    ['a text', removeChatParticipant, 'x', ': The body must be object.'],
  ])('%s is named', (...[, operation, body, expected]) => {
    expect(refusal(operation, 'body', body)).toContain(expected);
  });

  it('is nothing when null stands for absent, and when there is more than is known', () => {
    expect(refusal(createIdentity, 'body', { createTokenWithScopes: null, expiresInMinutes: null, customId: null })).toBeUndefined();
    expect(refusal(createChatThread, 'body', { topic: 't', unknown: { a: 1 } })).toBeUndefined();
  });

  it('is told once per field that is too long', () => {
    expect(refusal(addChatParticipants, 'body', { participants: [{ ...user, displayName: 'x'.repeat(257) }] })).toMatch(
      /^participants\[0\]\.displayName: participants\[0\]\.displayName must NOT have more than 256 characters/,
    );
  });
});

describe('what is wrong with a query', () => {
  it('is a number that is none', () => {
    expect(refusal(listChatMessages, 'query', { maxPageSize: 'many' })).toBe('maxPageSize: maxPageSize must be integer.');
    expect(refusal(listChatMessages, 'query', { maxPageSize: '0' })).toBe('maxPageSize: maxPageSize must be >= 1.');
    expect(refusal(listChatMessages, 'query', { maxPageSize: '1.5' })).toBe('maxPageSize: maxPageSize must be integer.');
  });

  it('is a parameter that is given twice', () => {
    expect(refusal(listChatMessages, 'query', { startTime: ['a', 'b'] })).toBe('startTime: startTime must be string.');
  });

  it('is nothing when its texts can be converted', () => {
    const query = { maxPageSize: '5' };
    expect(refusal(listChatMessages, 'query', query)).toBeUndefined();
    expect(query).toEqual({ maxPageSize: 5 });
  });
});
