import { listChatMessages } from '@switchboard/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskHeaders, maskTarget, maskText } from './masking.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJza3lwZWlkIjoiYWNzOng.c2lnbmF0dXJl';

describe('credentials in headers', () => {
  it.each([
    ['Authorization', `Bearer ${JWT}`, 'Bearer •••'],
    [
      'authorization',
      'HMAC-SHA256 SignedHeaders=x-ms-date;host&Signature=c2VjcmV0',
      'HMAC-SHA256 SignedHeaders=x-ms-date;host&Signature=•••',
    ],
    ['authorization', JWT, '•••'],
    ['X-Skypetoken', JWT, '•••'],
    ['Cookie', 'a=b', '•••'],
    ['aeg-sas-key', 'c2VjcmV0', '•••'],
    ['aeg-sas-token', 'r=https%3A%2F%2Fx&e=1&s=c2VjcmV0', '•••'],
    ['x-ms-date', 'Thu, 15 Jan 2026 10:00:00 GMT', 'Thu, 15 Jan 2026 10:00:00 GMT'],
    ['x-ms-useragent', 'azsdk-js', 'azsdk-js'],
  ])('%s: %s', (name, value, shown) => {
    const headers = ['Host', 'localhost', name, value];
    maskHeaders(headers);
    expect(headers).toEqual(['Host', 'localhost', name, shown]);
  });
});

describe('credentials in bodies', () => {
  it.each([
    [`{"accessToken":{"token":"${JWT}","expiresOn":"2026"}}`, '{"accessToken":{"token":"•••","expiresOn":"2026"}}'],
    ['{"primaryKey":"a+b/c==", "secondaryKey" : "x\\"y"}', '{"primaryKey":"•••", "secondaryKey" : "•••"}'],
    ['{"primaryConnectionString":"endpoint=x;accesskey=abc="}', '{"primaryConnectionString":"•••"}'],
    ['{"connectparams":{"sr":"v1.abc","se":"1","sig":"abc"}}', '{"connectparams":{"sr":"•••","se":"1","sig":"•••"}}'],
    [`{"content":"${JWT} is my token"}`, '{"content":"••• is my token"}'],
    ['{"content":"endpoint=https://x/;accesskey=c3dpdGNo=="}', '{"content":"endpoint=https://x/;accesskey=•••"}'],
    ['{"content":"hello","keyType":"primary"}', '{"content":"hello","keyType":"primary"}'],
    ['{"key1":"a", "key2":"b"}', '{"key1":"•••", "key2":"•••"}'],
    ['{"endpointUrl":"https://x/hook?code=a&b=c","x":1}', '{"endpointUrl":"https://x/hook?•••","x":1}'],
    ['{"token":"cut of', '{"token":"•••"'],
  ])('%s', (text, shown) => {
    expect(maskText(text)).toBe(shown);
  });

  it('never show, whatever stands around them', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const body = JSON.stringify({ before, token: 'opaque-credential', after: `${after} ${JWT}` });
        expect(maskText(body)).not.toMatch(/opaque-credential|eyJhbGci|c2lnbmF0dXJl/);
      }),
    );
  });

  it('are looked for in a time that grows with the text alone', () => {
    for (const hostile of ['"'.repeat(16_384), `"${'a'.repeat(16_384)}`, `"token":"${'\\'.repeat(16_384)}`, 'eyJ'.repeat(5_000)]) {
      expect(maskText(hostile).length).toBeLessThanOrEqual(hostile.length + 8);
    }
  });
});

describe('a request target', () => {
  const path = '/chat/threads/19%3Aa%40thread.v2/messages';

  it.each([
    [`${path}?api-version=2025-03-15&maxPageSize=5`, `${path}?api-version=2025-03-15&maxPageSize=5`],
    [`${path}?api-version=1&sig=secret&access_token=secret&flag`, `${path}?api-version=1&sig=•••&access_token=•••&flag`],
    [path, path],
    [`/${'x'.repeat(2_000)}`, `/${'x'.repeat(1_023)}`],
  ])('%s', (target, shown) => {
    expect(maskTarget(target, listChatMessages)).toBe(shown);
  });

  it('of no known operation shows no value at all', () => {
    expect(maskTarget('/socket.io/1/websocket/a?sr=b&sig=c&api-version=1', undefined)).toBe(
      '/socket.io/1/websocket/a?sr=•••&sig=•••&api-version=•••',
    );
  });
});
