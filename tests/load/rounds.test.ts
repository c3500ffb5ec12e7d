import { expect, it } from 'vitest';
import { interleave } from './rounds.ts';

it('measures the entrants in turn, so that none has a quiet machine for itself', async () => {
  const turns: string[] = [];
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  const samples = await interleave([a, b], {
    options: { rounds: 2, progress: () => undefined },
    measure: ({ name }) => Promise.resolve(`${name}${turns.push(name)}`),
  });
  expect(turns).toEqual(['a', 'b', 'a', 'b']);
  expect(samples.get(a)).toEqual(['a1', 'a3']);
  expect(samples.get(b)).toEqual(['b2', 'b4']);
});
