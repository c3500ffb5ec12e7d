import { createPublicKey, type JsonWebKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { decodeJwt, editJwt, JWT_PARTS, makeJwt, verifiesWith } from '../../lib/jwt.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

let server: TestServer;
let token: string;
let userId: string;
let keys: readonly (JsonWebKey & { readonly kid: string })[];

beforeAll(async () => {
  server = await startServer();
  const created = await connectLatest(server.connectionString).createUserAndToken(['chat', 'voip']);
  token = created.token;
  userId = created.user.communicationUserId;
  const response = await fetch(new URL('/.well-known/jwks.json', server.endpoint));
  ({ keys } = (await response.json()) as { keys: typeof keys });
});
afterAll(() => server.stop());

describe('an access token', () => {
  it('R15: is a JWT of three parts, signed by a published key', () => {
    expect(token.split('.')).toHaveLength(3);
    const { header } = decodeJwt(token);
    expect(header).toMatchObject({ alg: 'RS256', typ: 'JWT', x5t: expect.any(String) as string });
    const key = keys.find(({ kid }) => kid === header['kid']);
    expect(key).toBeDefined();
    expect(verifiesWith(token, key!)).toBe(true);
    expect(verifiesWith(editJwt(token, 'payload'), key!)).toBe(false);
  });

  it('R15: publishes no private part of its key', () => {
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('R15: carries identity, resource, scopes and times as the service does', () => {
    const { claims } = decodeJwt(token);
    const resourceId = /^8:acs:([^_]+)_/.exec(userId)![1];
    expect(claims).toMatchObject({ skypeid: userId.slice('8:'.length), scp: 1792, acsScope: 'chat,voip', resourceId });
    expect(claims['csi']).toBe(String(claims['iat']));
    expect(claims['exp']).toBeTypeOf('number');
  });

  it('R11: two tokens of one moment differ', async () => {
    const client = connectLatest(server.connectionString);
    const user = { communicationUserId: userId };
    const [first, second] = await Promise.all([client.getToken(user, ['chat']), client.getToken(user, ['chat'])]);
    expect(first.token).not.toBe(second.token);
  });
});

describe('a forged token is refused', () => {
  it.each(JWT_PARTS)('R15: with an edited %s', async (part) => {
    await expectRefused(editJwt(token, part));
  });

  it('R15: after the original was used, too', async () => {
    expect((await tokenRequest(server.endpoint, token)).status).toBe(200);
    await expectRefused(editJwt(token, 'payload'));
    await expectRefused(editJwt(token, 'header'));
  });

  it.each(['none', 'None', 'NONE', ''])('R15: with the algorithm %j and no signature', async (alg) => {
    const { header, claims } = decodeJwt(token);
    const unsigned = makeJwt({ header: { ...header, alg }, claims });
    await expectRefused(unsigned);
    await expectRefused(`${unsigned}${token.split('.')[2]!}`);
  });

  it.each(['pem', 'der', 'jwk'] as const)('R15: with HS256 and the public key (%s) as secret', async (form) => {
    const { header, claims } = decodeJwt(token);
    await expectRefused(makeJwt({ header: { ...header, alg: 'HS256' }, claims }, publicKeyAs(form)));
  });

  it('R15: with RS256 and another key under the same key id', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await expectRefused(makeJwt(decodeJwt(token), privateKey));
  });

  it('R15: with another key, which its header brings along', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { header, claims } = decodeJwt(token);
    const jwk = publicKey.export({ format: 'jwk' });
    await expectRefused(makeJwt({ header: { ...header, kid: 'mine', jwk }, claims }, privateKey));
  });

  it.each([
    ['two parts', (text: string) => text.split('.').slice(0, 2).join('.')],
    ['four parts', (text: string) => `${text}.x`],
    ['an empty signature', (text: string) => text.slice(0, text.lastIndexOf('.') + 1)],
    ['padding', (text: string) => `${text}=`],
    ['one character less', (text: string) => text.slice(0, -1)],
    ['no JSON inside', () => 'a.b.c'],
    ['9,000 characters', () => `${'a'.repeat(3000)}.${'b'.repeat(3000)}.${'c'.repeat(3000)}`],
  ])('R15: with %s', async (_, forge) => {
    await expectRefused(forge(token));
  });
});

async function expectRefused(forged: string): Promise<void> {
  const answer = await tokenRequest(server.endpoint, forged);
  expect(answer.status).toBe(401);
  const why = await whyOf(server, answer);
  expect(why.rule).toMatch(/^token\.(?:malformed|signature)$/);
  expect(why.cure).toBeTruthy();
}

function publicKeyAs(form: 'pem' | 'der' | 'jwk'): string {
  const [jwk] = keys;
  if (form === 'jwk') return JSON.stringify(jwk);
  const key = createPublicKey({ key: jwk!, format: 'jwk' });
  return form === 'pem'
    ? String(key.export({ type: 'spki', format: 'pem' }))
    : key.export({ type: 'spki', format: 'der' }).toString('latin1');
}
