import { describe, expect, it } from 'vitest';
import { nameFilter } from './name-filter.ts';

const NAMES = ['alpha', 'Beta', 'beta-2', "it's"];
const passing = (filter: string): string[] => NAMES.filter(nameFilter(filter));

describe('a filter of names', () => {
  it.each([
    ['', NAMES],
    ["name eq 'beta'", ['Beta']],
    ["Name NE 'beta'", ['alpha', 'beta-2', "it's"]],
    ["contains(name, 'BETA')", ['Beta', 'beta-2']],
    ["contains(namE,'beta') and name ne 'beta-2'", ['Beta']],
    ["name eq 'alpha' or name eq 'beta' and name eq 'x'", ['alpha']],
    ["(name eq 'alpha' or name eq 'beta') and not contains(name, 'bet')", ['alpha']],
    ["not (name eq 'alpha' or name eq 'beta')", ['beta-2', "it's"]],
    ["name eq 'it''s'", ["it's"]],
  ])('%s', (filter, expected) => {
    expect(passing(filter)).toEqual(expected);
  });

  it.each([
    "location eq 'westus'",
    'name',
    'name eq',
    'name eq alpha',
    "name gt 'a'",
    "contains(name 'a')",
    "contains('a', name)",
    "name eq 'a' name eq 'b'",
    "(name eq 'a'",
    "name eq 'a')",
    "name eq 'a' and",
    'not',
    "name eq 'open",
    '1 eq 1',
    `${'('.repeat(1_000)}name eq 'a'${')'.repeat(1_000)}`,
    'not '.repeat(250),
  ])('%s is refused', (filter) => {
    expect(() => nameFilter(filter)).toThrow(/\$filter/);
  });
});
