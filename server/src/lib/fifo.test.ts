import { expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

const item = (n: number) => ({ n });

it('gives out what came first, and lists what came last', () => {
  const fifo = new Fifo<{ n: number }>();
  expect(fifo.take()).toBeUndefined();
  for (let n = 0; n < 3; n++) fifo.add(item(n));
  expect(fifo.take()).toEqual(item(0));
  fifo.add(item(3));
  expect([...fifo.newestFirst()].map(({ n }) => n)).toEqual([3, 2, 1]);
  expect(fifo.size).toBe(3);
  fifo.clear();
  expect(fifo.size).toBe(0);
  expect(fifo.take()).toBeUndefined();
});

it('keeps the order while many pass through', () => {
  const fifo = new Fifo<{ n: number }>();
  for (let n = 0; n < 10_000; n++) {
    fifo.add(item(n));
    if (n >= 50) expect(fifo.take()).toEqual(item(n - 50));
  }
  expect(fifo.size).toBe(50);
  expect([...fifo.newestFirst()].map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, i) => 9_999 - i));
});
