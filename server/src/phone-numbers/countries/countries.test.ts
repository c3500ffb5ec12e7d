import { describe, expect, it } from 'vitest';
import { COUNTRIES, findCountry } from './countries.ts';
import { numbersOf } from './country.ts';
import { countryOfNumber, isE164 } from './number.ts';

describe('R68: the countries', () => {
  it.each(['US', 'CA', 'GB', 'DE', 'FR', 'IE', 'AU'])('have %s', (code) => {
    expect(findCountry(code.toLowerCase())?.code).toBe(code);
  });

  it.each(COUNTRIES)('$code: has numbers of every type that it offers, and emergency numbers', ({ offerings, areas, emergency }) => {
    expect(new Set(areas.map(({ type }) => type))).toEqual(new Set(offerings.map(({ type }) => type)));
    expect(emergency.length).toBeGreaterThan(0);
  });

  it.each(COUNTRIES)('$code: its numbers are E.164, its own, and in the order of their ranges', (country) => {
    for (const area of country.areas) {
      const numbers = [...numbersOf(area)];
      expect(numbers.filter((number) => !isE164(number) || !number.startsWith(`+${country.callingCode}${area.areaCode}`))).toEqual([]);
      if (area.type !== 'tollFree') expect(countryOfNumber(numbers[0]!)?.code).toBe(country.code);
    }
  });

  it('have no number twice', () => {
    const all = COUNTRIES.flatMap(({ areas }) => areas.flatMap((area) => [...numbersOf(area)]));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(30_000);
  });
});

describe('the country of a number', () => {
  it.each([
    ['+12065550100', 'US'],
    ['+16045550100', 'CA'],
    ['+17875550100', 'PR'],
    ['+447700900000', 'GB'],
    ['+353209100000', 'IE'],
  ])('%s is %s', (number, code) => {
    expect(countryOfNumber(number)?.code).toBe(code);
  });

  it.each(['+18765550100', '+999123456789'])('%s has none here', (number) => {
    expect(countryOfNumber(number)).toBeUndefined();
  });
});

describe('R73: E.164', () => {
  it.each(['+14255550123', '+4420794600', '+611800975707'])('takes %s', (text) => {
    expect(isE164(text)).toBe(true);
  });

  it.each(['14255550123', '+0425555012', '+1 425 555 0123', '+123456', '+1234567890123456', '+1425555012a', '', '+', '++14255550123'])(
    'refuses %j',
    (text) => {
      expect(isE164(text)).toBe(false);
    },
  );
});
