import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../lib/errors.ts';
import { plannedNumberOf } from './planned-number.ts';

const BOTH = { calling: 'inbound+outbound', sms: 'inbound+outbound' };

describe('a number that an operator gives', () => {
  it.each([
    ['+14255550123', { country: 'US', type: 'geographic', capabilities: { calling: 'inbound+outbound', sms: 'none' }, monthlyCents: 100 }],
    ['+18005550150', { country: 'US', type: 'tollFree', capabilities: BOTH, monthlyCents: 200 }],
    ['+447700900000', { country: 'GB', type: 'mobile', capabilities: { calling: 'none', sms: 'inbound+outbound' }, monthlyCents: 115 }],
    ['+4930123456', { country: 'DE', type: 'geographic', capabilities: { calling: 'inbound+outbound', sms: 'none' } }],
    ['12345', { country: 'US', type: 'shortCode', capabilities: { calling: 'none', sms: 'inbound+outbound' }, monthlyCents: 100_000 }],
    ['123456', { country: 'US', type: 'shortCode' }],
  ])('%s is known by itself', (phoneNumber, known) => {
    expect(plannedNumberOf({ phoneNumber }, 'x')).toMatchObject({ number: phoneNumber, assignment: 'application', ...known });
  });

  it('of a country of which nothing is known can do everything, and costs nothing', () => {
    expect(plannedNumberOf({ phoneNumber: '+99912345678', countryCode: 'zz' }, 'x')).toMatchObject({
      country: 'ZZ',
      type: 'geographic',
      capabilities: BOTH,
      monthlyCents: 0,
    });
  });

  it('is what is said of it', () => {
    const said = {
      phoneNumber: '+14255550123',
      phoneNumberType: 'mobile',
      assignmentType: 'person',
      capabilities: { calling: 'none', sms: 'outbound' },
      carrier: 'acme',
      monthlyCost: 0.5,
    } as const;
    expect(plannedNumberOf(said, 'x')).toMatchObject({
      type: 'mobile',
      assignment: 'person',
      capabilities: said.capabilities,
      carrier: 'acme',
      monthlyCents: 50,
    });
  });

  it('is picked when none is named', () => {
    expect(plannedNumberOf({}, 'x')).toMatchObject({ number: undefined, country: 'US', type: 'tollFree' });
    expect(plannedNumberOf({ phoneNumberType: 'shortCode', countryCode: 'GB' }, 'x')).toMatchObject({ country: 'GB', type: 'shortCode' });
  });

  it.each([
    [{ phoneNumber: '14255550123' }, 'x.phoneNumber'],
    [{ phoneNumber: '1234' }, 'x.phoneNumber'],
    [{ phoneNumber: '911' }, 'x.phoneNumber'],
    [{ phoneNumber: '+44999' }, 'x.phoneNumber'],
    [{ phoneNumber: '+99912345678' }, 'x.countryCode'],
    [{ phoneNumber: '+99912345678', countryCode: '1x' }, 'x.countryCode'],
    [{ phoneNumber: '12345', phoneNumberType: 'mobile' as const }, 'x.phoneNumberType'],
    [{ phoneNumber: '+14255550123', phoneNumberType: 'shortCode' as const }, 'x.phoneNumberType'],
    [{ phoneNumber: '+14255550123', areaCode: '425' }, 'x.areaCode'],
    [{ phoneNumberType: 'mobile' as const }, 'x.phoneNumberType'],
    [{ phoneNumberType: 'shortCode' as const, countryCode: 'DE' }, 'x.phoneNumberType'],
    [{ countryCode: 'ZZ' }, 'x.phoneNumberType'],
  ])('R73: %j is refused at %s', (given, target) => {
    expect(() => plannedNumberOf(given, 'x')).toThrow(expect.objectContaining({ status: 400, target }) as ApiError);
  });
});
