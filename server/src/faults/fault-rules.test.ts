import { type FaultRule, OPERATIONS } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { RepeatableRandom } from '../lib/testing.ts';
import { FaultRules } from './fault-rules.ts';
import type { PushSubject, RequestSubject } from './matchers.ts';

const START_MS = Date.UTC(2026, 0, 1);
const ALICE = '8:acs:alice';
const BOB = '8:acs:bob';

function newRules(clock = new VirtualClock(START_MS)): FaultRules {
  return new FaultRules({ clock, random: new RepeatableRandom(), findResource: (name) => (name === 'local' ? 'id-of-local' : undefined) });
}

function request(operationId: string, more: Partial<RequestSubject> = {}): RequestSubject {
  const operation = OPERATIONS.find(({ id }) => id === operationId);
  if (operation === undefined) throw new Error(`no operation ${operationId}`);
  return { operation, params: { chatThreadId: '19:a@thread.v2' }, resourceId: 'id-of-local', user: ALICE, ...more };
}

function push(more: Partial<PushSubject> = {}): PushSubject {
  return { resourceId: 'id-of-local', user: ALICE, event: 'chatMessageReceived', threadId: '19:a@thread.v2', ...more };
}

const SEND = 'ChatThread_SendChatMessage';
const LIST = 'ChatThread_ListChatMessages';
const http = { status: 503 };

/** Which of so many matches are struck, counted from 1. */
function struckOf(rules: FaultRules, matches: number): number[] {
  return Array.from({ length: matches }, (_, i) => (rules.requests.strike(request(SEND)) === undefined ? 0 : i + 1)).filter((n) => n > 0);
}

describe('which requests a rule is about', () => {
  it.each<{ what: string; match: FaultRule['match']; subject: RequestSubject; isStruck: boolean }>([
    { what: 'everything, without a match', match: undefined, subject: request(LIST), isStruck: true },
    { what: 'an operation', match: { operation: SEND }, subject: request(SEND), isStruck: true },
    { what: 'another operation', match: { operation: SEND }, subject: request(LIST), isStruck: false },
    { what: 'a method', match: { method: 'POST' }, subject: request(SEND), isStruck: true },
    { what: 'another method', match: { method: 'POST' }, subject: request(LIST), isStruck: false },
    { what: 'a path with any value', match: { path: '/chat/threads/{t}/messages' }, subject: request(SEND), isStruck: true },
    { what: 'a path with this value', match: { path: '/chat/threads/19:a@thread.v2/messages' }, subject: request(SEND), isStruck: true },
    {
      what: 'a path with this value, encoded',
      match: { path: '/chat/threads/19%3Aa%40thread.v2/messages' },
      subject: request(SEND),
      isStruck: true,
    },
    {
      what: 'a path with another value',
      match: { path: '/chat/threads/19:b@thread.v2/messages' },
      subject: request(SEND),
      isStruck: false,
    },
    { what: 'a longer path', match: { path: '/chat/threads/{t}/messages/{m}' }, subject: request(SEND), isStruck: false },
    { what: 'a path and a method', match: { path: '/chat/threads/{t}/messages', method: 'GET' }, subject: request(SEND), isStruck: false },
    { what: 'a user', match: { user: ALICE }, subject: request(SEND), isStruck: true },
    { what: 'another user', match: { user: BOB }, subject: request(SEND), isStruck: false },
    { what: 'a user, called with a key', match: { user: ALICE }, subject: request(SEND, { user: undefined }), isStruck: false },
    { what: 'a resource', match: { resource: 'local' }, subject: request(SEND), isStruck: true },
    {
      what: 'a resource, called from another',
      match: { resource: 'local' },
      subject: request(SEND, { resourceId: 'id-of-other' }),
      isStruck: false,
    },
    {
      what: 'nobody yet known',
      match: { resource: 'local' },
      subject: request('KeySet', { resourceId: undefined, user: undefined }),
      isStruck: false,
    },
  ])('$what', ({ match, subject, isStruck }) => {
    const rules = newRules();
    rules.set([{ ...(match === undefined ? {} : { match }), http }]);
    expect(rules.requests.strike(subject) !== undefined).toBe(isStruck);
  });

  it('spares the admin API and the probes, whatever the rule', () => {
    const rules = newRules();
    rules.set([{ http }]);
    const spared = OPERATIONS.filter(({ id }) => rules.requests.strike(request(id)) === undefined).map(({ path }) => path);
    expect(spared).toEqual(expect.arrayContaining(['/health', '/ready', '/admin/faults/rules']));
    expect(spared.filter((path) => !/^\/(?:admin\/|health$|ready$)/.test(path))).toEqual([]);
  });

  it('lets the first rule that strikes decide, and the next one when it is spent', () => {
    const rules = newRules();
    rules.set([
      { name: 'first', match: { operation: SEND }, count: 1, http },
      { name: 'second', http: { dropAfter: true } },
    ]);
    const strikes = [SEND, SEND, LIST].map((id) => rules.requests.strike(request(id))?.rule);
    expect(strikes).toEqual(['first', 'second', 'second']);
  });
});

describe('which pushes a rule is about', () => {
  it.each<[string, FaultRule['match'], boolean]>([
    ['everything, without a match', undefined, true],
    ['a user', { user: ALICE }, true],
    ['another user', { user: BOB }, false],
    ['an event', { event: 'chatMessageReceived' }, true],
    ['another event', { event: 'typingIndicatorReceived' }, false],
    ['a thread', { thread: '19:a@thread.v2' }, true],
    ['another thread', { thread: '19:b@thread.v2' }, false],
    ['a resource', { resource: 'local' }, true],
  ])('%s', (_what, match, isStruck) => {
    const rules = newRules();
    rules.set([{ ...(match === undefined ? {} : { match }), live: { losePush: true } }]);
    expect(rules.pushes.strike(push()) !== undefined).toBe(isStruck);
  });

  it('is told at once of rules about open connections, which then are spent', () => {
    const rules = newRules();
    const cut: (string | undefined)[] = [];
    rules.onNow((strike) => cut.push(...[ALICE, BOB, ALICE].map((user) => strike({ resourceId: 'id-of-local', user })?.effect.kind)));
    rules.set([{ match: { user: ALICE }, live: { dropSocket: 'now' } }]);
    expect(cut).toEqual(['dropSocket', undefined, 'dropSocket']);
    expect(rules.list()[0]?.state).toEqual({ matched: 2, struck: 2, spent: true });
    expect(rules.pushes.isActive).toBe(false);
  });
});

describe('how often a rule strikes', () => {
  it.each<[string, Omit<FaultRule, 'http'>, number[]]>([
    ['always', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['so often', { count: 3 }, [1, 2, 3]],
    ['after the first', { skip: 5 }, [6, 7, 8]],
    ['every third', { every: 3 }, [3, 6]],
    ['every second after the first, twice', { skip: 1, every: 2, count: 2 }, [3, 5]],
    ['never', { share: 0 }, []],
    ['always by chance', { share: 1 }, [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('%s', (_what, rule, struck) => {
    const rules = newRules();
    rules.set([{ ...rule, http }]);
    expect(struckOf(rules, 8)).toEqual(struck);
    expect(rules.list()[0]?.state).toMatchObject({ struck: struck.length, spent: rule.count !== undefined });
  });

  it('strikes the same half again with the same seed, and another with another', () => {
    const struckWith = (seed: number): number[] => {
      const rules = newRules();
      rules.set([{ share: 0.5, seed, http }]);
      return struckOf(rules, 200);
    };
    expect(struckWith(7)).toEqual(struckWith(7));
    expect(struckWith(7)).not.toEqual(struckWith(8));
    expect(struckWith(7).length).toBeGreaterThan(70);
    expect(struckWith(7).length).toBeLessThan(130);
  });

  it('strikes no more from its end on', async () => {
    const clock = new VirtualClock(START_MS);
    const rules = newRules(clock);
    rules.set([{ until: '2026-01-01T01:00:00+00:00', http }]);
    expect(struckOf(rules, 1)).toEqual([1]);
    await clock.advanceTo(START_MS + 3_600_000);
    expect(struckOf(rules, 1)).toEqual([]);
    expect(rules.list()[0]?.state).toEqual({ matched: 1, struck: 1, spent: true });
  });

  it('draws delays from a range', () => {
    const rules = newRules();
    rules.set([{ seed: 1, http: { latencyMs: { min: 5, max: 7 } } }]);
    const delays = Array.from({ length: 100 }, () => {
      const effect = rules.requests.strike(request(SEND))?.effect;
      return effect?.kind === 'latency' ? effect.delayMs() : undefined;
    });
    expect(new Set(delays)).toEqual(new Set([5, 6, 7]));
  });
});

describe('the list of rules', () => {
  it('costs nothing while there are none of a kind', () => {
    const rules = newRules();
    expect([rules.requests.isActive, rules.pushes.isActive]).toEqual([false, false]);
    rules.set([{ http }]);
    expect([rules.requests.isActive, rules.pushes.isActive]).toEqual([true, false]);
    rules.set([{ live: { duplicatePush: true } }]);
    expect([rules.requests.isActive, rules.pushes.isActive]).toEqual([false, true]);
    rules.clear();
    expect([rules.requests.isActive, rules.pushes.isActive]).toEqual([false, false]);
    expect(rules.list()).toEqual([]);
  });

  it('takes back what it showed, and counts from nothing', () => {
    const rules = newRules();
    rules.set([{ http }, { name: 'rule-3', live: { latePush: { delayMs: 5 } } }, { http }]);
    expect(rules.list().map(({ name }) => name)).toEqual(['rule-1', 'rule-3', 'rule-2']);
    struckOf(rules, 2);
    const before = rules.list();
    expect(before[0]?.state).toEqual({ matched: 2, struck: 2, spent: false });
    expect(rules.set(before)).toEqual(before.map((rule) => ({ ...rule, state: { matched: 0, struck: 0, spent: false } })));
  });

  it('adds and removes one without touching the counts of others', () => {
    const rules = newRules();
    rules.set([{ name: 'a', count: 5, http }]);
    struckOf(rules, 2);
    expect(rules.add({ http: { dropBefore: true } }).name).toBe('rule-1');
    expect(rules.list().map(({ name, state }) => [name, state.struck])).toEqual([
      ['a', 2],
      ['rule-1', 0],
    ]);
    rules.remove('a');
    expect(rules.list().map(({ name }) => name)).toEqual(['rule-1']);
    expect(() => rules.remove('a')).toThrow('No fault rule is named "a"');
  });

  it('is bounded', () => {
    const rules = newRules();
    rules.set(Array.from({ length: 100 }, () => ({ http })));
    expect(() => rules.add({ http })).toThrow('There are 100 fault rules');
    expect(rules.list()).toHaveLength(100);
  });
});

describe('a rule that cannot be meant', () => {
  it.each<[string, FaultRule, string]>([
    ['no effect', {}, 'rules[1].http'],
    ['two kinds of effect', { http, live: { losePush: true } }, 'rules[1].live'],
    ['no http effect', { http: {} }, 'rules[1].http'],
    ['two http effects', { http: { status: 500, dropAfter: true } }, 'rules[1].http.dropAfter'],
    ['two live effects', { live: { losePush: true, duplicatePush: true } }, 'rules[1].live.losePush'],
    ['an envelope without a status', { http: { dropAfter: true, retryAfterSeconds: 1 } }, 'rules[1].http.retryAfterSeconds'],
    ['an empty range', { http: { latencyMs: { min: 2, max: 1 } } }, 'rules[1].http.latencyMs.min'],
    ['an unknown operation', { match: { operation: 'Chat_Send' }, http }, 'rules[1].match.operation'],
    ['an operation that is spared', { match: { operation: 'Admin_Status' }, http }, 'rules[1].match.operation'],
    ['no path', { match: { path: 'chat/threads' }, http }, 'rules[1].match.path'],
    ['a path with a query', { match: { path: '/chat/threads?a=b' }, http }, 'rules[1].match.path'],
    ['a badly encoded path', { match: { path: '/chat/threads/%zz' }, http }, 'rules[1].match.path'],
    ['a path of no operation', { match: { path: '/chat/thread' }, http }, 'rules[1].match.path'],
    ['a path without that method', { match: { path: '/chat/threads', method: 'DELETE' }, http }, 'rules[1].match.path'],
    ['a path that is spared', { match: { path: '/admin/{anything}' }, http }, 'rules[1].match.path'],
    ['an unknown resource', { match: { resource: 'nowhere' }, http }, 'rules[1].match.resource'],
    ['an event of a request', { match: { event: 'chatMessageReceived' }, http }, 'rules[1].match.event'],
    ['an operation of a push', { match: { operation: SEND }, live: { losePush: true } }, 'rules[1].match.operation'],
    ['an event at once', { match: { event: 'chatMessageReceived' }, live: { dropSocket: 'now' } }, 'rules[1].match.event'],
    ['two choices of matches', { share: 0.5, every: 2, http }, 'rules[1].share'],
    ['a seed for nothing', { seed: 1, http }, 'rules[1].seed'],
    ['no time', { until: 'tomorrow', http }, 'rules[1].until'],
    ['no name', { name: 'a b', http }, 'rules[1].name'],
    ['a name twice', { name: 'good', http }, 'rules[1].name'],
  ])('%s', (_what, rule, target) => {
    const rules = newRules();
    rules.set([{ name: 'old', http }]);
    expect(() => rules.set([{ name: 'good', http }, rule])).toThrow(expect.objectContaining({ status: 400, target }));
    expect(rules.list().map(({ name }) => name)).toEqual(['old']);
  });

  it('is named by its field alone when it is sent alone', () => {
    expect(() => newRules().add({ match: { resource: 'nowhere' }, http })).toThrow(expect.objectContaining({ target: 'match.resource' }));
  });
});
