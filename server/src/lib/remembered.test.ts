import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('gives the same values each time, computed once and no further than asked', () => {
  const computed: number[] = [];
  function* numbers() {
    for (let i = 0; i < 3; i++) {
      computed.push(i);
      yield i;
    }
  }
  const values = remembered(numbers());
  for (const value of values) if (value === 1) break;
  expect(computed).toEqual([0, 1]);
  expect([...values]).toEqual([0, 1, 2]);
  expect([...values]).toEqual([0, 1, 2]);
  expect(computed).toEqual([0, 1, 2]);
});
