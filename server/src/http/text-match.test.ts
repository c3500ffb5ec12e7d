import { describe, expect, it } from 'vitest';
import { TextMatch } from './text-match.ts';

const TEXT = 'Your code is 123456, see /etc/hosts';

describe('what is looked for in a text', () => {
  it.each([
    ['code is', true],
    ['CODE IS', false],
    ['\\d{6}', false],
    ['/etc', true],
    ['/\\d{6}/', true],
    ['/^\\d{6}/', false],
    ['/CODE/', false],
    ['/CODE/i', true],
    ['/etc\\/hosts$/', true],
    ['//', true],
  ])('is in it or not: %s', (match, found) => {
    expect(new TextMatch(match).isIn(TEXT)).toBe(found);
  });

  it.each(['/(/', '/a**/i', '/(?=a)/'])('is refused by name: %s', (match) => {
    expect(() => new TextMatch(match)).toThrow(expect.objectContaining({ status: 400, target: 'match' }) as Error);
  });

  it('is refused when all texts together cost too much', () => {
    const match = new TextMatch('/(a|b)*c/');
    const searchAll = (): void => {
      for (let i = 0; i < 1_000; i++) match.isIn('ab'.repeat(1_000));
    };
    expect(searchAll).toThrow(expect.objectContaining({ status: 400, target: 'match' }) as Error);
    const part = new TextMatch('abc');
    expect(part.isIn('ab'.repeat(1_000_000))).toBe(false);
  });
});
