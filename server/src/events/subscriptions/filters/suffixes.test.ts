import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Suffixes } from './suffixes.ts';

const text = fc.oneof(
  fc.string({ maxLength: 200, unit: fc.constantFrom('a', 'b') }),
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc
    .tuple(fc.string({ maxLength: 10, unit: fc.constantFrom('a', 'b', 'é', '\uffff') }), fc.nat(30))
    .map(([part, times]) => part.repeat(times)),
);

it('finds every part of a text, and nothing else', () => {
  fc.assert(
    fc.property(text, text, fc.tuple(fc.nat(), fc.nat()), (whole, other, [from, length]) => {
      const suffixes = new Suffixes(whole);
      const part = whole.slice(from % (whole.length + 1)).slice(0, length % 20);
      expect(suffixes.includes(part)).toBe(true);
      for (const wanted of [other, `${part}${other}`, other.slice(0, 3)]) expect(suffixes.includes(wanted)).toBe(whole.includes(wanted));
    }),
    { numRuns: 500 },
  );
});

it('knows the empty part, and the empty text', () => {
  expect(new Suffixes('').includes('')).toBe(true);
  expect(new Suffixes('').includes('a')).toBe(false);
  expect(new Suffixes('a').includes('')).toBe(true);
});
