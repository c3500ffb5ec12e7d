import { expect, it } from 'vitest';
import { longestStopMs } from './stop.ts';

it('R6: a server is given as long to stop as it was told to drain, and its clean end', () => {
  expect(longestStopMs({ drainMs: 600_000 })).toBe(610_000);
  expect(longestStopMs({})).toBe(10_000);
});
