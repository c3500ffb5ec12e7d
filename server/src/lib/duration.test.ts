import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

const DAY = 86_400_000;

describe('a duration', () => {
  it.each([
    ['P31D', 31 * DAY],
    ['PT15M', 900_000],
    ['P1W', 7 * DAY],
    ['P1DT2H3M4.005S', DAY + 7_384_005],
    ['pt0s', 0],
    ['31d', 31 * DAY],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['2W', 14 * DAY],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 'P', 'PT', '15', 'm', '-5m', '5 m', 'P1Y', 'P1M', 'PT1.2345S', '1e3s', '５m', 'PT5M\n'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('is read from any text without fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('P', 'T', 'W', 'D', 'H', 'M', 'S', '0', '1', '9', '.') })),
        (text) => {
          const ms = parseDuration(text);
          expect(ms === undefined || ms >= 0).toBe(true);
        },
      ),
    );
  });
});
