import { expect, it } from 'vitest';
import { compare, formatMarkdown, formatTable } from './report.ts';

const names = { bench: 'chat', shape: 'push-only-dense', peer: 'other', metric: 'p50_ms', unit: 'ms' };

it('compares medians, ours ÷ theirs', () => {
  expect(compare(names, { ours: [1, 3, 2], theirs: [8, 4, 100] })).toEqual({ ...names, ours: 2, theirs: 8, ratio: 0.25, rounds: 3 });
});

it('rounds to what can be told apart', () => {
  expect(compare(names, { ours: [12_345.6], theirs: [3] })).toMatchObject({ ours: 12_346, theirs: 3, ratio: 4115 });
  expect(compare(names, { ours: [0.123456], theirs: [1] })).toMatchObject({ ours: 0.123 });
});

it('aligns the columns of a table', () => {
  const [header = '', line = ''] = formatTable([compare(names, { ours: [1], theirs: [2] })]).split('\n');
  expect(line.indexOf('push-only-dense')).toBe(header.indexOf('shape'));
  expect(line.indexOf('0.5')).toBe(header.indexOf('ratio'));
});

it('gives each peer a column of a Markdown table', () => {
  const rows = [
    compare(names, { ours: [1], theirs: [2] }),
    compare({ ...names, peer: 'third' }, { ours: [1], theirs: [4] }),
    compare({ ...names, shape: 'idle-2000', metric: 'sends_per_s', unit: '1/s' }, { ours: [12_345], theirs: [5] }),
  ];
  expect(formatMarkdown(rows)).toBe(`| shape | figure | ours | other (ratio) | third (ratio) |
| --- | --- | --- | --- | --- |
| push-only-dense | p50, ms | 1 | 2 (0.5) | 4 (0.25) |
| idle-2000 | sends_per_s, 1/s | 12,345 | 5 (2,469) |  |`);
});
