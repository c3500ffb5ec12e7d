import type { ResourceWithKeys } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, type RawAnswer, rawRequest } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { API_VERSION, sha256, signatureHeaders, type SignedRequest, signedRequest } from '../../lib/signed-request.ts';
import { whyOf } from '../../lib/why.ts';

const OTHER_KEY = Buffer.alloc(64, 7).toString('base64');
const CREATE = { method: 'POST', path: '/identities', body: { createTokenWithScopes: ['chat'] } } as const;
const TARGET = `/identities?${API_VERSION}`;
const MINUTE_MS = 60_000;

let server: TestServer;
let resource: ResourceWithKeys;
beforeAll(async () => {
  server = await startServer();
  resource = await newResource(server);
});
afterAll(() => server.stop());

describe('access-key signatures', () => {
  it.each(['primaryConnectionString', 'secondaryConnectionString'] as const)('R27: the %s works', async (name) => {
    expect((await signedRequest(resource[name], CREATE)).status).toBe(201);
  });

  it.each([
    ['an unknown key', { sign: { key: OTHER_KEY } }, 'signature.wrong'],
    ['another method signed', { sign: { method: 'PUT' } }, 'signature.wrong'],
    ['another path signed', { sign: { target: `/identities/x?${API_VERSION}` } }, 'signature.wrong'],
    ['another query signed', { sign: { target: '/identities?api-version=2021-03-07' } }, 'signature.wrong'],
    ['another host signed', { sign: { host: 'example.com' } }, 'signature.wrong'],
    ['another date signed than sent', { headers: { 'x-ms-date': new Date(Date.now() + 5 * MINUTE_MS).toUTCString() } }, 'signature.wrong'],
    ['another hash signed than sent', { headers: { 'x-ms-content-sha256': sha256('other') } }, 'signature.wrong'],
    ['a body other than the hashed one', { sign: { contentHash: sha256('{}') } }, 'signature.content-hash'],
    ['the hash of nothing for a body', { sign: { contentHash: sha256('') } }, 'signature.content-hash'],
    ['no hash', { sign: { contentHash: '' } }, 'signature.content-hash'],
    ['a date 16 minutes ago', dated(-16 * MINUTE_MS), 'signature.date'],
    ['a date 16 minutes ahead', dated(16 * MINUTE_MS), 'signature.date'],
    ['a date that is none', { sign: { date: 'yesterday' } }, 'signature.date'],
    ['an empty date', { sign: { date: '' } }, 'signature.date'],
  ] satisfies [string, Partial<SignedRequest>, string][])('R27: with %s are refused, and the reason is told', async (_, flaw, rule) => {
    await expectDenied(await signedRequest(resource.primaryConnectionString, { ...CREATE, ...flaw }), rule);
  });

  it.each([14, -14])('R27: with a date %i minutes off are accepted', async (minutes) => {
    const answer = await signedRequest(resource.primaryConnectionString, { ...CREATE, ...dated(minutes * MINUTE_MS) });
    expect(answer.status).toBe(201);
  });

  it('R27: of any date are accepted where the setting says so', async () => {
    await using lenient = await startServer({ args: ['--signature-dates', 'ignore'] });
    expect((await signedRequest(lenient.connectionString, { ...CREATE, ...dated(-24 * 60 * MINUTE_MS) })).status).toBe(201);
  });

  it('R27: are fresh by real time, also under a virtual clock', async () => {
    await using virtual = await startServer({ args: ['--clock', 'virtual'] });
    await virtual.admin('POST', '/admin/clock:advance', { by: 'P31D' });
    expect((await signedRequest(virtual.connectionString, CREATE)).status).toBe(201);
  });

  it('R27: of a path that was edited on the way are refused for every operation on a user', async () => {
    const sign = { target: `/identities/8%3Aacs%3Aother?${API_VERSION}` };
    const answer = await signedRequest(resource.primaryConnectionString, { method: 'DELETE', path: '/identities/8%3Aacs%3Amine', sign });
    await expectDenied(answer, 'signature.wrong');
  });
});

describe('the Authorization header', () => {
  it.each([
    ['another scheme', (value: string) => value.replace('HMAC-SHA256', 'HMAC-SHA512')],
    ['no scheme', (value: string) => value.replace('HMAC-SHA256 ', '')],
    ['no signature', (value: string) => value.replace(/&Signature=.*$/, '')],
    ['an empty signature', (value: string) => value.replace(/Signature=.*$/, 'Signature=')],
    ['a short signature', (value: string) => value.slice(0, -8)],
    ['a signature that is no base64', (value: string) => value.replace(/Signature=.{4}/, 'Signature=****')],
    ['two signatures', (value: string) => `${value}&Signature=${'A'.repeat(43)}=`],
    ['two whole values', (value: string) => `${value}, ${value}`],
    ['no list of headers', (value: string) => value.replace(/SignedHeaders=[^&]*&/, '')],
    ['the parts the other way round', (value: string) => value.replace(/(SignedHeaders=[^&]*)&(Signature=.*)$/, '$2&$1')],
    ['Basic credentials', () => `Basic ${Buffer.from('user:password').toString('base64')}`],
  ])('R27: with %s is refused as malformed', async (_, spoil) => {
    const headers = { authorization: spoil(headersFor(resource.primaryKey).authorization!) };
    await expectDenied(await signedRequest(resource.primaryConnectionString, { ...CREATE, headers }), 'signature.malformed');
  });

  it.each([
    ['the host', 'x-ms-date;x-ms-content-sha256', 'signature.wrong'],
    ['the date', 'host;x-ms-content-sha256', 'signature.date'],
    ['the content hash', 'x-ms-date;host', 'signature.wrong'],
  ])('R27: that leaves %s unsigned is refused', async (_, names, rule) => {
    const authorization = headersFor(resource.primaryKey).authorization!.replace(/SignedHeaders=[^&]*/, `SignedHeaders=${names}`);
    await expectDenied(await signedRequest(resource.primaryConnectionString, { ...CREATE, headers: { authorization } }), rule);
  });

  it('R27: given twice is refused, whichever of the two is right', async () => {
    const [right, wrong] = [resource.primaryKey, OTHER_KEY].map((key) => headersFor(key));
    for (const pair of [
      [right, wrong],
      [wrong, right],
    ]) {
      const headers = { ...right, authorization: pair.map((one) => one!.authorization!) };
      const answer = await rawRequest({ endpoint: resource.endpoint, method: 'POST', target: TARGET, headers });
      expect(answer.status).toBe(401);
    }
  });

  it('R27: is signed with the older header Date where the client says so', async () => {
    expect((await createWithDate(new Date())).status).toBe(201);
  });

  it('R27: with an old signed Date is not freshened by an x-ms-date that nobody signed', async () => {
    const fresh = { 'x-ms-date': new Date().toUTCString() };
    await expectDenied(await createWithDate(new Date(Date.now() - 16 * MINUTE_MS), fresh), 'signature.date');
  });
});

/** Creates a user under a signature over `Date` in place of `x-ms-date`. */
function createWithDate(date: Date, further: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
  const { authorization = '', host = '' } = headersFor(resource.primaryKey, date);
  const headers = {
    host,
    date: date.toUTCString(),
    'x-ms-content-sha256': sha256(''),
    authorization: authorization.replace('x-ms-date', 'date'),
    ...further,
  };
  return rawRequest({ endpoint: resource.endpoint, method: 'POST', target: TARGET, headers });
}

function dated(offsetMs: number): Pick<SignedRequest, 'sign'> {
  return { sign: { date: new Date(Date.now() + offsetMs).toUTCString() } };
}

/** A good signature for creating a user without a body. */
function headersFor(key: string, date = new Date()): Record<string, string> {
  const { host } = new URL(resource.endpoint);
  return signatureHeaders({ method: 'POST', target: TARGET, host, date: date.toUTCString(), contentHash: sha256(''), key });
}

async function expectDenied(answer: RawAnswer, rule: string): Promise<void> {
  expect(answer.status).toBe(401);
  expect(errorOf(answer).code).toBe('Denied');
  const why = await whyOf(server, answer);
  expect(why).toMatchObject({ status: 401, rule });
  expect(why.cause).toBe(errorOf(answer).message);
  expect(why.cure).toBeTruthy();
}
