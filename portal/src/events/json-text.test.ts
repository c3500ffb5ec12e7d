import { expect, it } from 'vitest';
import { jsonText, mergePatch, parseJson, parseObject } from './json-text.ts';

it('reads what it has written', () => {
  const value = { a: [1, null], b: { c: 'text' } };
  expect(parseJson(jsonText(value))).toEqual({ value });
});

it('tells where text is no JSON', () => {
  expect(parseJson('{\n  "a": x\n}').problem).toMatch(/^Not JSON: .*'x'/);
  expect(parseJson(' ').problem).toBe('Write a JSON value.');
});

it('takes objects alone where the service does', () => {
  expect(parseObject('[1]')).toEqual({ problem: 'Must be a JSON object.' });
  expect(parseObject('null')).toEqual({ problem: 'Must be a JSON object.' });
  expect(parseObject('{"a":1}')).toEqual({ value: { a: 1 } });
  expect(parseObject('{').problem).toMatch(/^Not JSON/);
});

it('a patch sends all that is there, and null for what is gone', () => {
  const sample = { kept: 1, gone: 2, inner: { kept: 'a', gone: 'b' }, list: [1] };
  const target = { kept: 1, inner: { kept: 'c' }, list: [], added: { x: 1 } };
  expect(mergePatch(sample, target)).toEqual({ kept: 1, gone: null, inner: { kept: 'c', gone: null }, list: [], added: { x: 1 } });
});
