import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOTH_ENGINES, openStorage, type TestDatabase } from '../../storage/testing.ts';
import { signJwt, verifyJwt } from './jwt.ts';
import { signingKeyMigrations, SigningKeys } from './signing-keys.ts';

const CLAIMS = { skypeid: 'acs:a_b', scp: 1792, exp: 1_900_000_000, acsScope: 'chat' };

let database: TestDatabase;
let keys: SigningKeys;

beforeAll(async () => {
  database = await BOTH_ENGINES[0]!.open();
  keys = await SigningKeys.open(await openStorage({ engine: database.engine, migrations: signingKeyMigrations }));
});
afterAll(() => database[Symbol.asyncDispose]());

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A token with any header, signed with our key over exactly what it says. */
function withHeader(header: unknown, payload: unknown = CLAIMS): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), keys.current.privateKey).toString('base64url')}`;
}

const refused = expect.objectContaining({ name: 'ApiError', status: 401, code: 'Unauthorized' }) as Error;

describe('R15: an access token', () => {
  it('has three parts and names its key, and its claims are read back', () => {
    const token = signJwt(CLAIMS, keys.current);
    expect(token.split('.')).toHaveLength(3);
    const header = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as unknown;
    expect(header).toEqual({ alg: 'RS256', kid: keys.current.kid, x5t: keys.current.kid, typ: 'JWT' });
    expect(verifyJwt(token, keys)).toEqual(CLAIMS);
  });

  it('is refused when any one character of it is another', () => {
    const token = signJwt(CLAIMS, keys.current);
    for (let i = 0; i < token.length; i++) {
      for (const other of [token[i] === 'A' ? 'B' : 'A', String.fromCharCode(token.charCodeAt(i) ^ 1)]) {
        if (other === token[i]) continue;
        expect(() => verifyJwt(token.slice(0, i) + other + token.slice(i + 1), keys), `character ${i} as ${other}`).toThrow(refused);
      }
    }
  });

  it('has one text: its last character stands for two bits, the other four must be as they were written', () => {
    const token = signJwt(CLAIMS, keys.current);
    const alphabet = [...Array(64).keys()].map((bits) =>
      Buffer.of(bits << 2)
        .toString('base64url')
        .charAt(0),
    );
    const accepted = alphabet.filter((last) => {
      try {
        verifyJwt(token.slice(0, -1) + last, keys);
        return true;
      } catch {
        return false;
      }
    });
    expect(accepted).toEqual([token.at(-1)]);
  });

  it('is refused when it is cut, or when something is added', () => {
    const token = signJwt(CLAIMS, keys.current);
    for (const other of [
      token.slice(0, -1),
      token.slice(1),
      `${token}A`,
      `${token}=`,
      `${token}.`,
      ` ${token}`,
      `${token}\n`,
      token.replaceAll('.', '..'),
    ]) {
      expect(() => verifyJwt(other, keys)).toThrow(refused);
    }
  });

  // RFC 8725 sections 2 and 3.
  it('does not choose its algorithm', () => {
    const { kid } = keys.current;
    for (const alg of ['none', 'None', 'HS256', 'RS512', 'PS256', 'ES256', 'rs256', '', undefined, null, ['RS256']]) {
      expect(() => verifyJwt(withHeader({ alg, kid }), keys), String(alg)).toThrow(/algorithm is not RS256/);
    }
    expect(() => verifyJwt(`${encode({ alg: 'none', kid })}.${encode(CLAIMS)}.`, keys)).toThrow(refused);
  });

  it('cannot be made with the public key as if it were a secret', () => {
    const pem = createPublicKey(keys.current.privateKey).export({ type: 'spki', format: 'pem' });
    for (const alg of ['HS256', 'RS256']) {
      const signed = `${encode({ alg, kid: keys.current.kid })}.${encode(CLAIMS)}`;
      const forged = createHmac('sha256', pem).update(signed).digest('base64url');
      expect(() => verifyJwt(`${signed}.${forged}`, keys)).toThrow(refused);
    }
  });

  it('cannot bring its own key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    for (const header of [
      { alg: 'RS256', kid: keys.current.kid, jwk },
      { alg: 'RS256', kid: 'mine', jwk },
      { alg: 'RS256', jwk },
      { alg: 'RS256', kid: keys.current.kid, x5u: 'https://evil.example/key', jku: 'https://evil.example/keys' },
    ]) {
      const signed = `${encode(header)}.${encode(CLAIMS)}`;
      expect(() => verifyJwt(`${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`, keys)).toThrow(refused);
    }
  });

  it.each([undefined, null, 5, '', '../../etc/passwd', '__proto__', 'constructor', "' or 1=1 --", {}])('has no key of id %j', (kid) => {
    expect(() => verifyJwt(withHeader({ alg: 'RS256', kid }), keys)).toThrow(/no key of its key id/);
  });

  it('holds objects', () => {
    const header = { alg: 'RS256', kid: keys.current.kid };
    for (const part of [null, [], 'text', 5, true]) {
      expect(() => verifyJwt(withHeader(part), keys)).toThrow(refused);
      expect(() => verifyJwt(withHeader(header, part), keys)).toThrow(/not a JSON object/);
    }
  });

  it('is refused when it is too long, before anything is decoded', () => {
    expect(() => verifyJwt(`a.${'b'.repeat(9_000)}.c`, keys)).toThrow(/three base64url parts/);
  });

  it('is read from any text without another fault than a refusal', () => {
    const parts = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc.base64String(),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts, { maxLength: 5 }).map((list) => list.join('.')),
        ),
        (text) => {
          expect(() => verifyJwt(text, keys)).toThrow(refused);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe('signing keys', () => {
  it('R15: are published in the form of RFC 7517, without their private parts', () => {
    const [key, ...others] = keys.jwks();
    expect(others).toEqual([]);
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    const published = createPublicKey({ key: { kty: 'RSA', n: key!.n, e: key!.e }, format: 'jwk' });
    expect(published.equals(createPublicKey(keys.current.privateKey))).toBe(true);
  });

  it('are the same after a restart, and sealed in the store', async () => {
    const again = await SigningKeys.open(await openStorage({ engine: database.engine, migrations: signingKeyMigrations }));
    expect(again.current.kid).toBe(keys.current.kid);
    expect(verifyJwt(signJwt(CLAIMS, keys.current), again)).toEqual(CLAIMS);
  });
});
