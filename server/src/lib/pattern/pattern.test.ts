import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pattern } from './pattern.ts';

const budget = (steps = 1e9) => ({ steps });
const isIn = (source: string, text: string, ignoresCase = false) => new Pattern(source, { ignoresCase }).isIn(text, budget());

/** Patterns over few characters, so that they match now and then. */
const source = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '\\s', '[a-c]', '[^ab]', '[\\d-]', '\\.', '\\x61', '\\u0062', '1', ' ', '-'),
    fc.constantFrom('^', '$', '\\b', '\\B', ''),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?'))
      .map(([a, quantifier]) => `(${a})${quantifier}`),
  ),
})).pattern;
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '-', '\n', 'A'), maxLength: 12 });

describe('a pattern', () => {
  it('finds what a regular expression of JavaScript finds', () => {
    fc.assert(
      fc.property(source, text, fc.boolean(), (pattern, searched, ignoresCase) => {
        expect(isIn(pattern, searched, ignoresCase)).toBe(new RegExp(pattern, ignoresCase ? 'i' : '').test(searched));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['code is \\d{6}', 'Your code is 123456.', true],
    ['^Hello', 'Oh, Hello', false],
    ['[äö]+$', 'Grüße ö', true],
    ['a{3}', 'aa', false],
    ['[]]', ']', false],
    ['[^]', 'x', true],
    ['[a-]', '-', true],
    ['\\/', 'a/b', true],
    ['', '', true],
    ['x|', 'anything', true],
  ])('%s in %j: %s', (pattern, searched, found) => {
    expect(isIn(pattern, searched)).toBe(found);
    expect(new RegExp(pattern).test(searched)).toBe(found);
  });

  it.each([
    ['(', 'lacks a )'],
    [')', 'has a ) too many'],
    ['[a', 'lacks a ]'],
    ['a\\', 'ends too early'],
    ['*a', 'has nothing to repeat'],
    ['a**', 'has nothing to repeat'],
    ['{"a":1}', 'an unescaped {'],
    ['^*', 'repeats what has no width'],
    ['(?=a)', 'not supported'],
    ['(?<name>a)', 'not supported'],
    ['(a)\\1', 'the escape \\1'],
    ['\\p{L}', 'the escape \\p'],
    ['\\xg0', '2 hexadecimal digits'],
    ['[z-a]', 'a range that is none'],
    ['[\\d-z]', 'a range that is none'],
    ['a{3,2}', 'from a smaller to a larger'],
    ['a{1001}', 'at most 1000'],
    ['(a{100}){100}', 'too large'],
    ['((((){1000}){1000}){1000}){1000}', 'too large'],
  ])('is refused for %s, which %s', (pattern, problem) => {
    expect(() => new Pattern(pattern)).toThrow(problem);
  });

  it.each(['(a+)+$', '(a|a)*$', '(.*)*x', '(a*)*(a*)*b', '(\\w|\\d)*!'])('takes time in proportion to the text: %s', (pattern) => {
    const cost = (length: number) => {
      const spent = budget();
      new Pattern(pattern).isIn(`${'a'.repeat(length)}\n`, spent);
      return 1e9 - spent.steps;
    };
    expect(cost(20_000) / cost(10_000)).toBeCloseTo(2, 1);
  });

  it('says so when it would take longer than it may', () => {
    expect(() => new Pattern('(a|b)*c').isIn('ab'.repeat(1_000), budget(1_000))).toThrow('takes too long');
  });
});
