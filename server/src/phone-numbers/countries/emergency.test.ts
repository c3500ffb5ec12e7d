import { describe, expect, it } from 'vitest';
import { ALL_COUNTRIES, findCountry } from './countries.ts';
import { emergencyNumberOf } from './emergency.ts';

describe('R74, R153: emergency numbers', () => {
  it.each([
    ['911', '911'],
    ['112', '112'],
    ['999', '999'],
    ['000', '000'],
    ['+1911', '911'],
    ['+44999', '999'],
    ['+44 999', '999'],
    ['+44112', '112'],
    ['+61000', '000'],
    ['+911', '911'],
    ['9-1-1', '911'],
  ])('%s is %s', (text, number) => {
    expect(emergencyNumberOf(text)).toBe(number);
  });

  it.each(ALL_COUNTRIES.flatMap(({ callingCode, emergency }) => emergency.map((number) => [callingCode, number] as const)))(
    'behind +%s, %s is one',
    (callingCode, number) => {
      expect(emergencyNumberOf(`+${callingCode}${number}`)).toBe(number);
      expect(emergencyNumberOf(number)).toBe(number);
    },
  );

  it.each(['+14255550911', '+12065550112', '+1800911', '12345', '911911', '+449990000000', ''])('%j is none', (text) => {
    expect(emergencyNumberOf(text)).toBeUndefined();
  });

  it('those of another country are none in a country that has not got them', () => {
    expect(emergencyNumberOf('000', findCountry('US'))).toBeUndefined();
    expect(emergencyNumberOf('911', findCountry('AU'))).toBe('911');
  });
});
