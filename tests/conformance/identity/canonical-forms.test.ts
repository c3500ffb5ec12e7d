import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonOf } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { API_VERSION, parseConnectionString, type SignedParts, signedRequest } from '../../lib/signed-request.ts';

let server: TestServer;
let plain: string;
let userPath: string;
beforeAll(async () => {
  server = await startServer({ args: ['--public-hosts', 'acs.contoso.com,acs.contoso.com:8443'] });
  plain = server.connectionString.replace(server.endpoint, server.ready.httpEndpoint);
  const created = await signedRequest(server.connectionString, { method: 'POST', path: '/identities' });
  userPath = `/identities/${encodeURIComponent(jsonOf<{ identity: { id: string } }>(created).identity.id)}`;
});
afterAll(() => server.stop());

/** What other languages sign is not what they send. */
describe('a signature made over', () => {
  it('R27: a target without its leading slash verifies (Python over http)', async () => {
    expect(await issueWith(plain, { target: `${userPath.slice(1)}/:issueAccessToken?${API_VERSION}` })).toBe(200);
  });

  it('R27: a percent-decoded target verifies (asynchronous Python clients)', async () => {
    expect(await issueWith(server.connectionString, { target: `${decodeURIComponent(userPath)}/:issueAccessToken?${API_VERSION}` })).toBe(
      200,
    );
  });

  it('R27: a percent-decoded target without its leading slash verifies (asynchronous Python clients over http)', async () => {
    expect(await issueWith(plain, { target: `${decodeURIComponent(userPath).slice(1)}/:issueAccessToken?${API_VERSION}` })).toBe(200);
  });

  it('R27: a host without its port verifies (Java)', async () => {
    expect(await issueWith(server.connectionString, { host: 'localhost' })).toBe(200);
  });

  it('R27: a query re-encoded as form data verifies (JavaScript)', async () => {
    const answer = await signedRequest(server.connectionString, {
      method: 'GET',
      path: `${userPath}?${API_VERSION}&locality=New%20York&sign=a~b`,
      sign: { target: `${userPath}?${API_VERSION}&locality=New+York&sign=a%7Eb` },
    });
    expect(answer.status).toBe(200);
  });

  it.each(['acs.contoso.com', 'acs.contoso.com:8443'])('R27: the configured public host %s verifies (reverse proxy)', async (host) => {
    expect(await issueWith(server.connectionString, { host })).toBe(200);
  });

  it.each([
    ['a target decoded twice', () => ({ target: `${decodeURIComponent(decodeURIComponent(`${userPath}%252F`))}?${API_VERSION}` })],
    ['a target in other case', () => ({ target: `${userPath.toUpperCase()}/:issueAccessToken?${API_VERSION}` })],
    ['a target without its query', () => ({ target: `${userPath}/:issueAccessToken` })],
    ['a target with a slash more', () => ({ target: `/${userPath}/:issueAccessToken?${API_VERSION}` })],
    ['another port', () => ({ host: 'localhost:1' })],
    ['the name of another host', () => ({ host: 'other.contoso.com' })],
    ['no host', () => ({ host: '' })],
  ] satisfies [string, () => Partial<SignedParts>][])('R27: %s does not verify', async (_, sign) => {
    expect(await issueWith(server.connectionString, sign())).toBe(401);
  });

  it('R27: the forms of one host are no way around another resource’s key', async () => {
    const { key } = parseConnectionString(server.connectionString);
    const foreign = Buffer.from(key, 'base64').reverse().toString('base64');
    expect(await issueWith(server.connectionString, { host: 'localhost', key: foreign })).toBe(401);
  });
});

async function issueWith(connectionString: string, sign: Partial<SignedParts>): Promise<number> {
  const path = `${userPath}/:issueAccessToken`;
  return (await signedRequest(connectionString, { method: 'POST', path, body: { scopes: ['chat'] }, sign })).status;
}
