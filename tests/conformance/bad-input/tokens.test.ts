import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { getIdentity, listChatThreads } from '@switchboard/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeJwt, makeJwt } from '../../lib/jwt.ts';
import type { RawAnswer } from '../../lib/raw-request.ts';
import { itSurvives } from './aftermath.ts';
import { type BareCall, Ground } from './ground.ts';
import { expectExplained } from './refusals.ts';
import { expectServed, newScene, type Scene, validCall } from './scene.ts';

/** Of the characters of a token, one in so many is changed here; 1 changes every one. */
const STRIDE = Number(process.env['BAD_INPUT_STRIDE'] ?? 7);
const RUNS = Number(process.env['BAD_INPUT_RUNS'] ?? 200);

describe('forged credentials', () => {
  let ground: Ground;
  let scene: Scene;
  let list: BareCall;
  let get: BareCall;
  beforeAll(async () => {
    ground = await Ground.prepare();
    scene = await newScene(ground);
    list = validCall(listChatThreads, scene);
    get = validCall(getIdentity, scene);
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  function sendToken(token: string): Promise<RawAnswer> {
    return ground.send(list, { authorization: `Bearer ${token}` });
  }

  it('R15: a token with any one character changed, left out, or doubled is refused', async () => {
    const { token } = scene.user;
    for (let at = 0; at < token.length; at += STRIDE) {
      const original = token[at]!;
      const others = [
        original === 'A' ? 'B' : 'A',
        original.toLowerCase() === original ? original.toUpperCase() : original.toLowerCase(),
        '',
        original + original,
        '=',
        '.',
      ];
      for (const other of others.filter((text) => text !== original)) {
        const answer = await sendToken(token.slice(0, at) + other + token.slice(at + 1));
        expect(answer.status, `${other} at ${at}`).toBe(401);
      }
    }
    expect((await sendToken(token)).status).toBe(200);
  });

  it('R15: the last character of a token has one spelling, though its spare bits mean nothing', async () => {
    const { token } = scene.user;
    for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const spelt = token.slice(0, -1) + last;
      expect((await sendToken(spelt)).status, last).toBe(spelt === token ? 200 : 401);
    }
  });

  it('R15: no other algorithm, key, or part of a header makes a token', async () => {
    const { token } = scene.user;
    const { header, claims } = decodeJwt(token);
    const [, , signature = ''] = token.split('.');
    const keySet = (await (await fetch(new URL('/.well-known/jwks.json', ground.server.ready.httpEndpoint))).json()) as {
      keys: [{ n: string; e: string }];
    };
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    const forged = {
      none: makeJwt({ header: { ...header, alg: 'none' }, claims }),
      None: makeJwt({ header: { ...header, alg: 'None' }, claims }) + signature,
      'none with a signature': `${makeJwt({ header: { ...header, alg: 'none' }, claims })}${signature}`,
      'HS256 by the public key': makeJwt({ header: { ...header, alg: 'HS256' }, claims }, JSON.stringify(keySet.keys[0])),
      'HS256 by the modulus': makeJwt({ header: { ...header, alg: 'HS256' }, claims }, keySet.keys[0].n),
      'HS256 by nothing': makeJwt({ header: { ...header, alg: 'HS256' }, claims }, ''),
      'HS256 by the access key': makeJwt({ header: { ...header, alg: 'HS256' }, claims }, ground.key),
      'RS256 by another key': makeJwt({ header, claims }, privateKey),
      'PS256 by another key': makeJwt({ header: { ...header, alg: 'PS256' }, claims }, privateKey),
      'a key in the header': makeJwt({ header: { ...header, jwk }, claims }, privateKey),
      'a key in the header alone': makeJwt({ header: { alg: 'RS256', jwk }, claims }, privateKey),
      'a key to be fetched': makeJwt(
        { header: { ...header, jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/cert' }, claims },
        privateKey,
      ),
      'a key id that is a path': makeJwt({ header: { ...header, kid: '../../../dev/null' }, claims }, ''),
      'a key id of prototypes': makeJwt({ header: { ...header, kid: '__proto__' }, claims }, privateKey),
      'a key id that is no text': makeJwt({ header: { ...header, kid: { toString: 1 } }, claims }, privateKey),
      'no key id': makeJwt({ header: { alg: 'RS256' }, claims }, privateKey),
      'claims of a directory': ground.issuer.token({ claims }),
      'two signatures': `${token}.${signature}`,
      'JSON serialisation': JSON.stringify({ payload: token.split('.')[1], protected: token.split('.')[0], signature }),
    };
    for (const [name, text] of Object.entries(forged)) {
      const answer = await sendToken(text);
      await expectExplained(ground, answer, [401]).catch((cause: unknown) => {
        throw new Error(`${name} was answered ${answer.status} ${answer.text}`, { cause });
      });
    }
    expect((await sendToken(token)).status).toBe(200);
  });

  it('R15: tokens of many shapes are refused, and never fail', async () => {
    const part = fc.oneof(
      fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text).toString('base64url')),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.constantFrom(...scene.user.token.split('.'), '', '=', 'e30', 'bnVsbA', 'W10'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const token = parts.join('.');
        fc.pre(token !== scene.user.token);
        await expectExplained(ground, await sendToken(token), [401]);
      }),
      { numRuns: RUNS },
    );
  });

  it('R15: a long token is refused, and one longer than all headers may be too', async () => {
    const [header = '', , signature = ''] = scene.user.token.split('.');
    await expectExplained(ground, await sendToken(`${header}.${'x'.repeat(7_000)}.${signature}`), [401]);
    await expectExplained(ground, await sendToken(`${header}.${'x'.repeat(14_000)}.${signature}`), [401]);
    await expectExplained(ground, await sendToken('.'.repeat(14_000)), [401]);
    expect((await sendToken('x'.repeat(16_384))).status).toBe(431);
  });

  it('R26: the token counts in the header it is meant for alone', async () => {
    const { token } = scene.user;
    const elsewhere = [
      { cookie: `authorization=Bearer ${token}` },
      { 'x-authorization': `Bearer ${token}` },
      { authorization: token },
      { authorization: `Token ${token}` },
      { 'x-skypetoken': `Bearer ${token}` },
    ];
    for (const headers of elsewhere) await expectExplained(ground, await ground.send(list, headers), [401]);
    const inQuery = { ...list, target: `${list.target}&access_token=${token}&token=${token}` };
    await expectExplained(ground, await ground.send(inQuery, {}), [401]);
  });

  it('R27: a signature with any one character changed is refused', async () => {
    const valid = ground.signature(get);
    const start = valid['authorization']!.indexOf('Signature=') + 'Signature='.length;
    for (let at = start; at < valid['authorization']!.length; at++) {
      const text = valid['authorization']!;
      const other = text[at] === 'A' ? 'B' : 'A';
      const answer = await ground.send(get, { ...valid, authorization: text.slice(0, at) + other + text.slice(at + 1) });
      expect(answer.status, `character ${at - start}`).toBe(401);
    }
    await expectServed(getIdentity, scene);
  });

  it('R27: a signature counts for the bytes, the date, the target and the headers it was made for', async () => {
    const valid = ground.signature(get);
    const authorization = valid['authorization']!;
    const emptyKey = createHmac('sha256', '').update('').digest('base64');
    const wrong: Readonly<Record<string, Record<string, string>>> = {
      'another date sent': { ...valid, 'x-ms-date': new Date(Date.now() - 60_000).toUTCString() },
      'another hash sent': { ...valid, 'x-ms-content-sha256': randomBytes(32).toString('base64') },
      'no hash': withoutHeader(valid, 'x-ms-content-sha256'),
      'no date': withoutHeader(valid, 'x-ms-date'),
      'an unsigned date': { ...valid, authorization: authorization.replace('x-ms-date;', '') },
      'an unsigned hash': { ...valid, authorization: authorization.replace(';x-ms-content-sha256', '') },
      'no headers signed': { ...valid, authorization: authorization.replace(/SignedHeaders=[^&]*/, 'SignedHeaders=') },
      'the same header signed twice': { ...valid, authorization: authorization.replace('host', 'host;host') },
      'a header signed that was not sent': { ...valid, authorization: authorization.replace('host', 'host;x-a') },
      'a thousand headers signed': { ...valid, authorization: authorization.replace('host', `host${';a'.repeat(1_000)}`) },
      'the signature of nothing': { ...valid, authorization: authorization.replace(/Signature=.*/, `Signature=${emptyKey}`) },
      'two signatures': { ...valid, authorization: `${authorization}&Signature=${emptyKey}` },
      'something behind it': { ...valid, authorization: `${authorization}, Bearer ${scene.user.token}` },
    };
    for (const [name, headers] of Object.entries(wrong)) {
      const answer = await ground.send(get, headers);
      await expectExplained(ground, answer, [401]).catch((cause: unknown) => {
        throw new Error(`${name} was answered ${answer.status} ${answer.text}`, { cause });
      });
    }
    await expectServed(getIdentity, scene);
  });

  itSurvives(() => ground);
});

function withoutHeader(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}
