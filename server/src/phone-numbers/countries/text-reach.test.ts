import { describe, expect, it } from 'vitest';
import { textRefusalOf } from './text-reach.ts';

const TOLL_FREE = { type: 'tollFree', countryCode: 'US' } as const;
const MOBILE = { type: 'mobile', countryCode: 'GB' } as const;
const SHORT_CODE = { type: 'shortCode', countryCode: 'US' } as const;
const NAME = { type: 'alphanumeric' } as const;

describe('R63: where text messages go', () => {
  it.each([
    [TOLL_FREE, '+14255550123'],
    [TOLL_FREE, '+16045550100'],
    [TOLL_FREE, '+17875550100'],
    [SHORT_CODE, '+14255550123'],
    [MOBILE, '+447700900000'],
    [NAME, '+491711234567'],
    [NAME, '+420601123456'],
  ])('%j reaches %s', (sender, recipient) => {
    expect(textRefusalOf(sender, recipient)).toBeUndefined();
  });

  it.each([
    [TOLL_FREE, '+447700900000', 'Toll-free numbers of United States reach United States, Canada, Puerto Rico, not United Kingdom.'],
    [SHORT_CODE, '+16045550100', 'Short codes of United States reach United States, not Canada.'],
    [MOBILE, '+353840000000', 'Mobile numbers of United Kingdom reach United Kingdom, not Ireland.'],
    [NAME, '+14255550123', 'Alphanumeric sender IDs do not reach United States.'],
    [TOLL_FREE, '+18765550100', 'The country of the recipient has no text messages here.'],
    [NAME, '+999123456789', 'The country of the recipient has no text messages here.'],
  ])('%j does not reach %s, and says why', (sender, recipient, reason) => {
    expect(textRefusalOf(sender, recipient)).toBe(reason);
  });
});
