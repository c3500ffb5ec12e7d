import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessKey } from '../testing.ts';
import {
  bindsRequest,
  findSigningKey,
  likelyStringToSign,
  parseAuthorization,
  type SignedRequest,
  signedDateHeader,
  stringsToSign,
} from './signature.ts';

const SIGNED = ['x-ms-date', 'host', 'x-ms-content-sha256'];
const HEADERS: Readonly<Record<string, string>> = {
  'x-ms-date': 'D',
  date: 'plain date',
  'x-ms-content-sha256': 'H',
  host: 'from the wire',
};
const SIGNATURE = Buffer.alloc(32, 1).toString('base64');

function request(target: string, hosts: readonly string[] = ['localhost:8443']): SignedRequest {
  return { method: 'POST', target, hosts, header: (name) => HEADERS[name] };
}

function textsFor(target: string, hosts?: readonly string[]): string[] {
  return [...stringsToSign(request(target, hosts), SIGNED)];
}

describe('R27: the texts a client may have signed', () => {
  it('begin with the plain form: method, target, and the signed headers in their order', () => {
    expect(textsFor('/identities?api-version=2025-06-30')[0]).toBe('POST\n/identities?api-version=2025-06-30\nD;localhost:8443;H');
  });

  it.each([
    ['JavaScript: the query encoded again as form data', '/a?x=1%202&y=%7E', '/a?x=1+2&y=%7E'],
    ['Python: the target decoded', '/identities/8%3Aacs%3Ax?y=a%20b', '/identities/8:acs:x?y=a b'],
    ['Python over http: without the leading slash', '/identities/8%3Aacs%3Ax', 'identities/8:acs:x'],
    ['without the leading slash', '/identities', 'identities'],
  ])('%s', (_client, target, form) => {
    expect(textsFor(target)).toContain(`POST\n${form}\nD;localhost:8443;H`);
  });

  it('name every host under which the client may know us', () => {
    const texts = textsFor('/a', ['h:8443', 'h', 'proxy.example']);
    for (const host of ['h:8443', 'h', 'proxy.example']) expect(texts).toContain(`POST\n/a\nD;${host};H`);
  });

  it('take the plain date where that is what was signed', () => {
    expect(signedDateHeader(SIGNED)).toBe('x-ms-date');
    expect(signedDateHeader(['date', 'host'])).toBe('date');
    expect([...stringsToSign(request('/a'), ['date', 'host', 'x-ms-content-sha256'])][0]).toBe('POST\n/a\nplain date;localhost:8443;H');
  });

  it.each(SIGNED)('bind no request when the signature leaves out %s', (left) => {
    const others = SIGNED.filter((name) => name !== left);
    expect(bindsRequest(SIGNED)).toBe(true);
    expect(bindsRequest(others)).toBe(false);
  });

  it('are not looked for when the signature is not written as base64 writes it', () => {
    const canonical = `${'A'.repeat(42)}A=`;
    const spareBits = `${'A'.repeat(42)}B=`;
    expect(Buffer.from(spareBits, 'base64')).toEqual(Buffer.from(canonical, 'base64'));
    const header = (signature: string): string => `HMAC-SHA256 SignedHeaders=host&Signature=${signature}`;
    expect(parseAuthorization(header(canonical))).toBeDefined();
    expect(parseAuthorization(header(spareBits))).toBeUndefined();
  });

  it('begin with the likely one', () => {
    const received = request('/a?b=c%20d');
    expect(stringsToSign(received, SIGNED)[0]).toBe(likelyStringToSign(received, SIGNED));
  });

  it('are few, and each is given once', () => {
    const texts = textsFor('/identities/8%3Aacs%3Ax?a=b%20c', ['h:8443', 'h']);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeLessThanOrEqual(12);
  });

  it('are made of any target without fault', () => {
    fc.assert(
      fc.property(fc.string(), (target) => {
        expect(textsFor(`/${target}`).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the signing key', () => {
  const keys = [accessKey('primary', 'one'), accessKey('secondary', 'two')];
  const sign = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();

  it('is whichever made the signature over one of the texts', () => {
    expect(findSigningKey(['a', 'b'], keys, sign('one', 'b'))?.slot).toBe('primary');
    expect(findSigningKey(['a', 'b'], keys, sign('two', 'a'))?.slot).toBe('secondary');
  });

  it('is none of another resource, of another text, or of no text at all', () => {
    expect(findSigningKey(['a'], keys, sign('three', 'a'))).toBeUndefined();
    expect(findSigningKey(['a'], keys, sign('one', 'b'))).toBeUndefined();
    expect(findSigningKey([], keys, sign('one', 'a'))).toBeUndefined();
  });

  it('is none for a signature of which any bit was changed', () => {
    const signature = sign('one', 'a');
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const changed = Buffer.from(signature);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(findSigningKey(['a'], keys, changed)).toBeUndefined();
    }
  });
});

describe('the Authorization header', () => {
  it('is parsed', () => {
    expect(parseAuthorization(`HMAC-SHA256 SignedHeaders=X-MS-Date;host;x-ms-content-sha256&Signature=${SIGNATURE}`)).toEqual({
      signedHeaders: SIGNED,
      signature: Buffer.alloc(32, 1),
    });
  });

  it.each([
    '',
    'HMAC-SHA256',
    `hmac-sha256 SignedHeaders=host&Signature=${SIGNATURE}`,
    `HMAC-SHA256 SignedHeaders=&Signature=${SIGNATURE}`,
    `HMAC-SHA256 SignedHeaders=host&Signature=${SIGNATURE.slice(1)}`,
    `HMAC-SHA256 SignedHeaders=host&Signature=${'='.repeat(44)}`,
    `HMAC-SHA256 SignedHeaders=host&Signature=${SIGNATURE}=`,
    `HMAC-SHA256 SignedHeaders=${'h'.repeat(201)}&Signature=${SIGNATURE}`,
    `HMAC-SHA256 SignedHeaders=ho st&Signature=${SIGNATURE}`,
    ` HMAC-SHA256 SignedHeaders=host&Signature=${SIGNATURE}`,
  ])('has another form: %j', (value) => {
    expect(parseAuthorization(value)).toBeUndefined();
  });

  it('is read from 100,000 generated texts without fault, and of none slowly', () => {
    const pieces = fc.constantFrom(
      'HMAC-SHA256',
      ' ',
      'SignedHeaders=',
      'host',
      ';',
      '&Signature=',
      'A'.repeat(44),
      '=',
      '\t',
      'x-ms-date',
      'é',
    );
    const texts = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    let slowestMs = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const before = performance.now();
        const parsed = parseAuthorization(text);
        slowestMs = Math.max(slowestMs, performance.now() - before);
        if (parsed !== undefined) expect(parsed.signature).toHaveLength(32);
      }),
      { numRuns: 100_000 },
    );
    // A pattern that backtracks takes seconds; a busy machine takes milliseconds.
    expect(slowestMs).toBeLessThan(1_000);
  });

  it.each([
    'HMAC-SHA256 SignedHeaders=' + ';'.repeat(200_000),
    `HMAC-SHA256 SignedHeaders=host&Signature=${'A'.repeat(200_000)}`,
    ' '.repeat(200_000),
  ])('is refused at once however long it is', (text) => {
    const before = performance.now();
    expect(parseAuthorization(text)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
