import type { OperationAuth } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import type { Caller, Exchange } from '../exchange.ts';
import { parseHost } from '../hosts.ts';
import { FewResources, NO_TOPICS, PlainTokens, requestWith, signedHeaders, type ToSign } from '../testing.ts';
import { Authenticator } from './authenticator.ts';

const NOW_MS = Date.UTC(2026, 0, 15, 10);
const MINUTE_MS = 60_000;
const TARGET = '/identities?api-version=2025-06-30';

function setUp(options: { readonly checkDate?: boolean; readonly publicHosts?: readonly string[] } = {}) {
  const resources = new FewResources(['local', 'other']);
  const authenticator = new Authenticator({
    resources,
    tokens: new PlainTokens(resources),
    topics: NO_TOPICS,
    adminKey: 'the-admin-key',
    publicHosts: options.publicHosts ?? [],
    realNow: () => NOW_MS,
    checkDate: options.checkDate ?? true,
  });
  /** The caller, or the code, rule and target of the refusal. */
  const ask = async (auth: OperationAuth, headers: Record<string, string>, host = 'localhost:8443'): Promise<Caller | object> => {
    try {
      const question = { auth, request: requestWith(headers, 'POST'), exchange: exchangeOf(TARGET), host: parseHost(host)! };
      return await authenticator.authenticate(question);
    } catch (error) {
      const { status, code, explanation, message } = error as {
        status: number;
        code: string;
        explanation: { rule: string };
        message: string;
      };
      return { status, code, rule: explanation.rule, message };
    }
  };
  return { resources, ask };
}

function exchangeOf(target: string): Exchange {
  return {
    requestId: '',
    startedMs: 0,
    method: 'POST',
    target,
    routed: target,
    encrypted: true,
    isAdmin: false,
    route: undefined,
    allowedMethods: [],
    host: '',
    caller: undefined,
    rawBody: undefined,
    signedContentHash: undefined,
    refusal: undefined,
    fault: undefined,
  };
}

function signed(changes: Partial<ToSign> = {}): Record<string, string> {
  const date = new Date(NOW_MS).toUTCString();
  return signedHeaders({ method: 'POST', target: TARGET, host: 'localhost:8443', date, secret: 'local 1', ...changes });
}

describe('R6, R27: an access-key signature', () => {
  it.each([
    ['local 1', 'local', 'primary'],
    ['local 2', 'local', 'secondary'],
    ['other 2', 'other', 'secondary'],
  ])('made with %s is of resource %s, %s key', async (secret, name, slot) => {
    const { ask, resources } = setUp();
    expect(await ask('accessKey', signed({ secret }))).toEqual({ kind: 'accessKey', resource: resources.named(name), slot, keyVersion: 1 });
  });

  it("on a resource's own host is of that resource alone", async () => {
    const { ask } = setUp();
    const host = 'local.localhost:8443';
    expect(await ask('accessKey', signed({ host }), host)).toMatchObject({ kind: 'accessKey', slot: 'primary' });
    expect(await ask('accessKey', signed({ host, secret: 'other 1' }), host)).toMatchObject({
      status: 401,
      code: 'Denied',
      rule: 'signature.wrong',
    });
  });

  it('may be over the host without its port, or over a name that a proxy has', async () => {
    const { ask } = setUp({ publicHosts: ['chat.example:444'] });
    expect(await ask('accessKey', signed({ host: 'localhost' }))).toMatchObject({ kind: 'accessKey' });
    expect(await ask('accessKey', signed({ host: 'chat.example:444' }))).toMatchObject({ kind: 'accessKey' });
    expect(await ask('accessKey', signed({ host: 'evil.example' }))).toMatchObject({ rule: 'signature.wrong' });
  });

  it.each([
    ['another method', { method: 'GET' }],
    ['another target', { target: '/identities?api-version=2024-01-01' }],
    ['another key', { secret: 'guessed' }],
  ])('over %s is refused', async (_what, changes) => {
    expect(await setUp().ask('accessKey', signed(changes))).toMatchObject({ status: 401, code: 'Denied', rule: 'signature.wrong' });
  });

  it('holds for 15 minutes of real time, in both directions', async () => {
    const { ask } = setUp();
    const at = (offsetMs: number) => ask('accessKey', signed({ date: new Date(NOW_MS + offsetMs).toUTCString() }));
    expect(await at(-15 * MINUTE_MS)).toMatchObject({ kind: 'accessKey' });
    expect(await at(15 * MINUTE_MS)).toMatchObject({ kind: 'accessKey' });
    expect(await at(-15 * MINUTE_MS - 1_000)).toMatchObject({ status: 401, code: 'Denied', rule: 'signature.date' });
    expect(await at(15 * MINUTE_MS + 1_000)).toMatchObject({ rule: 'signature.date' });
  });

  it('is judged by the date that was signed, not by another that came along', async () => {
    const { ask } = setUp();
    const old = new Date(NOW_MS - 24 * 60 * MINUTE_MS).toUTCString();
    const { 'x-ms-date': _, authorization = '', ...rest } = signed({ date: old });
    const replayed = { ...rest, date: old, authorization: authorization.replace('x-ms-date', 'date') };
    expect(await ask('accessKey', { ...replayed, 'x-ms-date': new Date(NOW_MS).toUTCString() })).toMatchObject({ rule: 'signature.date' });
  });

  it.each(['', 'yesterday', 'NaN'])('with the date %j is refused', async (date) => {
    expect(await setUp().ask('accessKey', signed({ date }))).toMatchObject({ rule: 'signature.date' });
  });

  it('may be of any date where the operator says so', async () => {
    expect(await setUp({ checkDate: false }).ask('accessKey', signed({ date: 'Thu, 01 Jan 1970 00:00:00 GMT' }))).toMatchObject({
      kind: 'accessKey',
    });
  });

  it('must bind host, date and content', async () => {
    const { authorization = '', ...rest } = signed();
    const fewer = authorization.replace(';x-ms-content-sha256', '');
    expect(await setUp().ask('accessKey', { ...rest, authorization: fewer })).toMatchObject({ rule: 'signature.wrong' });
  });

  it.each([
    [undefined, 'Unauthorized', 'auth.missing'],
    ['Bearer local.ann', 'Unauthorized', 'auth.wrong-kind'],
    ['Basic YTpi', 'Denied', 'signature.malformed'],
    ['HMAC-SHA256 garbage', 'Denied', 'signature.malformed'],
  ])('is not %j', async (authorization, code, rule) => {
    const { authorization: _, ...rest } = signed();
    const headers = authorization === undefined ? rest : { ...rest, authorization };
    expect(await setUp().ask('accessKey', headers)).toMatchObject({ status: 401, code, rule });
  });
});

describe('R26: a user access token', () => {
  it.each(['local.ann', 'slow-local.ann'])('is taken, whether the answer comes at once or later: %s', async (token) => {
    const { ask, resources } = setUp();
    const caller = { kind: 'user', identity: 'ann', resource: resources.named('local') };
    expect(await ask('userToken', { authorization: `Bearer ${token}` })).toMatchObject(caller);
    expect(await ask('userToken', { authorization: `bearer ${token}` })).toMatchObject(caller);
    expect(await ask('userToken', { 'x-skypetoken': token })).toMatchObject(caller);
  });

  it.each(['local.ann', 'slow-local.ann'])("is refused on another resource's host: %s", async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    const { ask } = setUp();
    expect(await ask('userToken', headers, 'other.localhost')).toMatchObject({ status: 401, rule: 'auth.other-resource' });
    expect(await ask('userToken', headers, 'local.localhost')).toMatchObject({ kind: 'user' });
  });

  it.each([
    [{}, 'auth.missing'],
    [signed(), 'auth.wrong-kind'],
    [{ authorization: 'Bearer ' }, 'auth.wrong-kind'],
    [{ authorization: 'Bearer a b' }, 'auth.wrong-kind'],
    [{ authorization: `Bearer ${'x'.repeat(16_385)}` }, 'auth.wrong-kind'],
    [{ authorization: 'Bearer unknown' }, 'token.test'],
    [{ authorization: 'Basic YTpi', 'x-skypetoken': 'local.ann' }, 'auth.wrong-kind'],
  ])('is not %j', async (headers, rule) => {
    expect(await setUp().ask('userToken', headers)).toMatchObject({ status: 401, code: 'Unauthorized', rule });
  });
});

describe('the admin key', () => {
  it('admits', async () => {
    const { ask } = setUp();
    expect(await ask('admin', { authorization: 'Bearer the-admin-key' })).toEqual({ kind: 'admin' });
    expect(await ask('admin', { authorization: 'Bearer the-admin-kex' })).toMatchObject({ status: 401 });
  });

  it.each([{}, { authorization: 'Bearer local.ann' }, { 'x-skypetoken': 'local.ann' }, signed(), { authorization: 'Bearer ' }])(
    'is nothing else: %j',
    async (headers) => {
      expect(await setUp().ask('admin', headers)).toMatchObject({ status: 401, code: 'Unauthorized' });
    },
  );
});

describe('a directory token', () => {
  it('is for the resource of the host, on a shared host for the default one', async () => {
    const { ask, resources } = setUp();
    const headers = { authorization: 'Bearer a.b.c' };
    expect(await ask('entraUser', headers)).toEqual({ kind: 'bearer', token: 'a.b.c', resource: resources.named('local') });
    expect(await ask('entraUser', headers, 'other.localhost')).toMatchObject({ resource: resources.named('other') });
    expect(await ask('entraUser', {})).toMatchObject({ rule: 'auth.missing' });
  });
});

it('an open operation asks for nothing', async () => {
  expect(await setUp().ask('none', {})).toEqual({ kind: 'anonymous' });
});
