import { describe, expect, it } from 'vitest';
import { formatBytes, formatMs, prettyBody, readablePath, shortId } from './pretty.ts';

describe('a body', () => {
  it.each([
    ['{"a":1}', '{\n  "a": 1\n}'],
    [' [1]', '[\n  1\n]'],
    ['{"a":1', '{"a":1'],
    ['3:::text', '3:::text'],
    ['', ''],
    ['"text"', '"text"'],
  ])('%j is shown as %j', (text, shown) => {
    expect(prettyBody(text)).toBe(shown);
  });
});

it.each([
  [1, '1 byte'],
  [204, '204 bytes'],
  [6_245, '6.1 kB'],
  [40_000, '39 kB'],
  [3_145_728, '3 MB'],
])('%d bytes are %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});

it.each([
  [0.84, '0.8 ms'],
  [12.3, '12 ms'],
  [1_234, '1.2 s'],
  [25_000, '25 s'],
])('%d ms are %s', (ms, shown) => {
  expect(formatMs(ms)).toBe(shown);
});

it.each([
  ['', ''],
  ['accessKey', 'accessKey'],
  ['8:acs:51d2cb58_bb62eafb-d216-4fe5-8710-4e02593c0b71', '…593c0b71'],
])('the id %s is short as %s', (id, shown) => {
  expect(shortId(id)).toBe(shown);
});

it.each([
  ['/chat/threads?api-version=2025-03-15', '/chat/threads'],
  ['/chat/threads/19%3Aabc%40thread.v2/messages?maxPageSize=5&api-version=1', '/chat/threads/19:abc@thread.v2/messages?maxPageSize=5'],
  ['/chat/threads/19%3AArykluacEMFCvPE2dSux-QfCUnR0JCIgx%40thread.v2/messages', '/chat/threads/19:ArykluacE…/messages'],
  ['/bad%ff?x=%ff', '/bad%ff?x=%ff'],
])('the path %s reads %s', (path, shown) => {
  expect(readablePath(path)).toBe(shown);
});
