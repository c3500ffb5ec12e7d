import {
  deleteAdminChatThread,
  deleteEventSubscription,
  fetchListenerDeliveries,
  findAdminChatMessages,
  findAdminSmsMessages,
  getAdminChatThread,
  getPresence,
  listAdminChatMessages,
  listAdminChatThreads,
  listAdminPhoneNumbers,
  listPresence,
  purgeAdminChatThread,
  removePhoneNumber,
  listAreaCodes,
  listChatMessages,
  listChatParticipants,
  listChatReadReceipts,
  listChatThreads,
  listEvents,
  listEventTypes,
  listEventSubscriptions,
  listNumberCountries,
  listNumberLocalities,
  listOfferings,
  listPhoneNumbers,
  listRequests,
  listReservations,
  type Operation,
  updateEventSubscription,
} from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../../lib/raw-request.ts';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { OPERATIONS, targetOf, versionOf } from './operations.ts';
import { expectEnvelope, expectNamed } from './refusals.ts';
import { expectServed, newScene, type Scene, sendValid, validCall } from './scene.ts';

const NUMBERS = ['-1', 'abc', '1.5', '1e400', '0x10', '', '%20', '1%00', 'NaN', 'null', '[]', '9'.repeat(400)];
const TIMES = [
  'garbage',
  '2026',
  '2026-13-01T00:00:00Z',
  '2026-01-01',
  '1767225600000',
  '',
  '%00',
  '2026-01-01T00:00:00',
  "'%20OR%201=1",
  'x'.repeat(65),
];
const STATES = [
  'garbage',
  '-1',
  '1.5',
  '%00',
  '99999999999999999',
  '0x1',
  "1'%20OR%201=1",
  'eyJhIjoxfQ==',
  '[object%20Object]',
  'x'.repeat(513),
];
const WRONG_VERSIONS = [
  '',
  'latest',
  '2023',
  '2023-10',
  '2023-13-01',
  '2023-02-30',
  '23-10-01',
  '1999-01-01',
  '2023-10-01;x',
  '2023-10-01%00',
  '%32023-10-011',
  '2023-10-01-',
  '0000-00-00',
  `2023-10-01-${'x'.repeat(100)}`,
];

/** What the two kinds of refusals are called, on the data plane and in resource management. */
const VERSION_CODES = ['ApiVersionUnspecified', 'UnsupportedApiVersion', 'MissingApiVersionParameter', 'InvalidApiVersionParameter'];

/** Lists of resource management. */
const ARM_LISTS = OPERATIONS.filter(({ query }) => Object.hasOwn(query?.properties ?? {}, '$filter'));
const WAITS = ['soon', '-1', '61s', 'P1D', '1e9', '%00', 'x'.repeat(17)];
const PATTERNS = ['', 'x'.repeat(513), '/(/', '/[a/', '/*/', '/a{2,1}/', '/(?=a)/', '/(a)\\1/', '/(((a{99}){99}){99}){99}/'];

const NUMBER_TYPES = ['', 'fax', 'TollFree', '%00'];
const NAMES = ['', 'x'.repeat(64)];
const IDS = ['', 'x'.repeat(513)];

/** Query parameters that name a wrong value, for the lists that take them. */
const CASES: readonly (readonly [Operation, string, readonly string[]])[] = [
  [listChatThreads, 'maxPageSize', ['0', ...NUMBERS]],
  [listChatMessages, 'maxPageSize', ['0', ...NUMBERS]],
  [listChatParticipants, 'maxPageSize', ['0', ...NUMBERS]],
  [listChatParticipants, 'skip', NUMBERS],
  [listRequests, 'wait', WAITS],
  [listRequests, 'status', ['99', '6xx', '4x', '4XX', '', '40', '4040', '%00']],
  [listChatReadReceipts, 'maxPageSize', ['0', ...NUMBERS]],
  [listChatReadReceipts, 'skip', NUMBERS],
  [listChatReadReceipts, 'syncState', ['x'.repeat(513)]],
  [listChatThreads, 'startTime', TIMES],
  [listChatMessages, 'startTime', TIMES],
  [listChatThreads, 'syncState', STATES],
  [listChatMessages, 'syncState', STATES],
  [listChatParticipants, 'syncState', ['x'.repeat(513)]],
  [listAdminChatThreads, 'deleted', ['maybe', '', '1', 'TRUE']],
  [listAdminChatThreads, 'user', IDS],
  [listAdminChatThreads, 'maxPageSize', ['0', ...NUMBERS]],
  [listAdminChatThreads, 'syncState', STATES],
  [listAdminChatMessages, 'maxPageSize', ['0', ...NUMBERS]],
  [listAdminChatMessages, 'syncState', STATES],
  [findAdminChatMessages, 'threadId', ['', 'x'.repeat(257)]],
  [findAdminChatMessages, 'sender', IDS],
  [findAdminChatMessages, 'recipient', IDS],
  [findAdminChatMessages, 'type', ['', 'Text', 'image', '%00']],
  [findAdminChatMessages, 'since', TIMES.filter((time) => !/^\d+$/.test(time))],
  [findAdminChatMessages, 'match', PATTERNS],
  [findAdminChatMessages, 'system', ['maybe', '2', '']],
  [findAdminChatMessages, 'count', ['0', '201', ...NUMBERS]],
  [findAdminChatMessages, 'wait', WAITS],
  [findAdminSmsMessages, 'direction', ['', 'Outbound', 'sideways', '%00']],
  ...['from', 'to', 'number'].map((name) => [findAdminSmsMessages, name, ['', 'x'.repeat(65)]] as const),
  [findAdminSmsMessages, 'status', ['', 'Queued', 'lost', '%00']],
  [findAdminSmsMessages, 'since', TIMES.filter((time) => !/^\d+$/.test(time))],
  [findAdminSmsMessages, 'match', PATTERNS],
  [findAdminSmsMessages, 'count', ['0', '201', ...NUMBERS]],
  [findAdminSmsMessages, 'wait', WAITS],
  [listPresence, 'connected', ['maybe', '2', '']],
  [listPresence, 'maxPageSize', ['0', ...NUMBERS]],
  [listPresence, 'syncState', ['x'.repeat(513)]],
  [listAdminPhoneNumbers, 'maxPageSize', ['0', ...NUMBERS]],
  [listAdminPhoneNumbers, 'syncState', ['x'.repeat(513)]],
  ...[
    listAdminChatThreads,
    getAdminChatThread,
    listAdminChatMessages,
    findAdminChatMessages,
    findAdminSmsMessages,
    deleteAdminChatThread,
    purgeAdminChatThread,
    listPresence,
    getPresence,
    listAdminPhoneNumbers,
    removePhoneNumber,
  ].map((operation) => [operation, 'resource', NAMES] as const),
  ...ARM_LISTS.flatMap((operation) => [
    [operation, '$filter', ["location%20eq%20'x'", 'name', "name%20eq%20'open", '%00', 'x'.repeat(1025)]] as const,
    [operation, '$top', ['0', '101', ...NUMBERS]] as const,
    [operation, '$skipToken', ['', 'nothing', '%00', 'x'.repeat(513)]] as const,
  ]),
  ...[listEventSubscriptions, updateEventSubscription, deleteEventSubscription, listEvents].map(
    (operation) => [operation, 'source', ['x'.repeat(64)]] as const,
  ),
  [listEvents, 'id', IDS],
  [listEvents, 'type', ['x'.repeat(257)]],
  [listEvents, 'subscription', ['x'.repeat(65)]],
  [listEvents, 'state', ['x'.repeat(17)]],
  [listEvents, 'match', PATTERNS],
  [listEvents, 'since', ['garbage', '%00', 'x'.repeat(65)]],
  [listEvents, 'limit', ['0', '1001', ...NUMBERS]],
  [listEvents, 'count', ['0', '1001', ...NUMBERS]],
  [listEvents, 'wait', WAITS],
  [listEvents, 'after', NUMBERS],
  [listEventTypes, 'source', ['x'.repeat(64)]],
  [fetchListenerDeliveries, 'wait', WAITS],
  ...[listNumberCountries, listNumberLocalities, listAreaCodes, listOfferings].flatMap((operation) => [
    [operation, 'skip', ['1000001', ...NUMBERS]] as const,
    [operation, 'maxPageSize', ['0', ...NUMBERS]] as const,
  ]),
  ...[listNumberLocalities, listAreaCodes, listOfferings].map((operation) => [operation, 'phoneNumberType', NUMBER_TYPES] as const),
  ...[listAreaCodes, listOfferings].map((operation) => [operation, 'assignmentType', ['', 'nobody', 'Person']] as const),
  ...[listNumberLocalities, listAreaCodes].map((operation) => [operation, 'administrativeDivision', ['x'.repeat(257)]] as const),
  [listAreaCodes, 'locality', ['x'.repeat(257)]],
  [listPhoneNumbers, 'skip', ['1000001', ...NUMBERS]],
  [listPhoneNumbers, 'top', ['0', ...NUMBERS]],
  [listPhoneNumbers, 'after', ['x'.repeat(65)]],
  [listReservations, 'maxPageSize', ['0', ...NUMBERS]],
  [listReservations, 'after', ['x'.repeat(65)]],
  [listRequests, 'limit', ['0', '1001', ...NUMBERS]],
  [listRequests, 'refused', ['maybe', '2', '']],
  [listRequests, 'admin', ['maybe', '2', '']],
  ...['method', 'operation', 'path', 'caller', 'resource', 'rule', 'after'].map(
    (name) => [listRequests, name, ['', 'x'.repeat(513)]] as const,
  ),
];

describe('bad queries', () => {
  let ground: Ground;
  let scene: Scene;
  beforeAll(async () => {
    ground = await Ground.prepare();
    scene = await newScene(ground);
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  /** A valid request with a query of our own. */
  async function ask(operation: Operation, query: string): Promise<RawAnswer> {
    const path = targetOf({ ...operation, apiVersion: false }, scene.values);
    return sendValid(operation, scene, { ...validCall(operation, scene), target: `${path}?${query}` });
  }

  function withVersion(operation: Operation, query: string): string {
    return operation.apiVersion ? `api-version=${versionOf(operation)}&${query}` : query;
  }

  it.each(CASES)('bad input: %o names the parameter %s when it is wrong', async (operation, name, values) => {
    for (const value of values) {
      const answer = await ask(operation, withVersion(operation, `${name}=${value}`));
      expect(() => expectNamed(answer, name), `${name}=${value}: ${answer.status} ${answer.text.slice(0, 300)}`).not.toThrow();
    }
    await expectServed(operation, await newScene(ground));
  });

  it.each(CASES)('bad input: %o refuses %s given twice', async (operation, name) => {
    expectNamed(await ask(operation, withVersion(operation, `${name}=1&${name}=1`)), name);
  });

  it('bad input: every parameter of every operation has a case above', () => {
    const declared = OPERATIONS.flatMap(({ id, query }) => Object.keys(query?.properties ?? {}).map((name) => `${id} ${name}`));
    const covered = CASES.map(([{ id }, name]) => `${id} ${name}`);
    const elsewhere = /api-version$|^Live_/;
    expect(declared.filter((one) => !elsewhere.test(one) && !covered.includes(one))).toEqual([]);
  });

  it('bad input: a page larger than the limit is cut to it', async () => {
    for (const operation of [listChatThreads, listChatMessages, listChatParticipants]) {
      expect((await ask(operation, withVersion(operation, 'maxPageSize=1000000000'))).status).toBe(200);
    }
  });

  for (const operation of OPERATIONS.filter(({ apiVersion }) => apiVersion)) {
    it(`bad input: ${operation.id} refuses every wrong api-version`, async () => {
      const queries = [
        '',
        'x=1',
        'Api-Version=2023-10-01',
        'api-version',
        'api-version=2023-10-01&api-version=2023-10-01',
        'api-version[]=2023-10-01',
        'api-version[a]=2023-10-01',
      ];
      for (const query of [...queries, ...WRONG_VERSIONS.map((version) => `api-version=${version}`)]) {
        const answer = await ask(operation, query);
        expect(() => expectNamed(answer, 'api-version'), `${query}: ${answer.status} ${answer.text}`).not.toThrow();
        expect(VERSION_CODES).toContain(expectEnvelope(answer).code);
      }
      await expectServed(operation, await newScene(ground));
    });
  }

  for (const operation of OPERATIONS) {
    it(`bad input: ${operation.id} takes parameters it does not know for nothing`, async () => {
      const own = await newScene(ground);
      const { target, ...call } = validCall(operation, own);
      const strange = '__proto__=1&constructor[prototype][a]=1&a[b][c]=1&%00=%ff&%zz=%&=&&&x=%F0%9F&toString=1&q=' + 'y'.repeat(4_000);
      const answer = await sendValid(operation, own, { ...call, target: `${target}${target.includes('?') ? '&' : '?'}${strange}` });
      expect(operation.responses, `${answer.status} ${answer.text}`).toHaveProperty(String(answer.status));
    });
  }

  itSurvives(() => ground);
});
