import { describe, expect, it } from 'vitest';
import { dataCodingOf, readDataCoding } from './data-coding.ts';

describe('data_coding', () => {
  it.each([
    [0x00, 'default', false],
    [0x01, 'ascii', false],
    [0x02, 'binary', false],
    [0x03, 'latin1', false],
    [0x04, 'binary', false],
    [0x06, 'other', false],
    [0x08, 'ucs2', false],
    [0x0d, 'other', false],
    [0x10, 'default', true],
    [0x11, 'default', false],
    [0x14, 'binary', true],
    [0x18, 'ucs2', true],
    [0x19, 'ucs2', false],
    [0x20, 'default', false],
    [0x80, 'other', false],
    [0xc8, 'default', false],
    [0xd8, 'default', false],
    [0xe8, 'ucs2', false],
    [0xf0, 'default', true],
    [0xf1, 'default', false],
    [0xf4, 'binary', true],
    [0xf5, 'binary', false],
  ])('0x%s says %s, flash %s', (value, alphabet, flash) => {
    expect(readDataCoding(value)).toEqual({ alphabet, flash });
  });

  it.each([
    ['default', false, 0x00],
    ['latin1', false, 0x03],
    ['binary', false, 0x04],
    ['ucs2', false, 0x08],
    ['default', true, 0x10],
    ['ucs2', true, 0x18],
    ['latin1', true, undefined],
  ] as const)('of %s, flash %s, is %s', (alphabet, flash, value) => {
    expect(dataCodingOf({ alphabet, flash })).toBe(value);
  });

  it('comes back as it was written', () => {
    for (const alphabet of ['default', 'ascii', 'latin1', 'binary', 'ucs2', 'other'] as const)
      for (const flash of [true, false]) {
        const value = dataCodingOf({ alphabet, flash });
        if (value !== undefined) expect(readDataCoding(value)).toEqual({ alphabet, flash });
      }
  });
});
