import { expect, it } from 'vitest';
import { addressOf } from '../router.ts';
import { filterOf, isFiltered, parametersOf, queryOf } from './request-filter.ts';

const none = filterOf(new URLSearchParams());

it('asks for everything but the admin API’s own by default', () => {
  expect(queryOf(none)).toEqual({ admin: 'false' });
  expect(isFiltered(none)).toBe(false);
  expect(addressOf('/portal/requests', parametersOf(none))).toBe('/portal/requests');
});

it('survives the address bar', () => {
  const filter = { ...none, path: '19:a&b=%', status: '4xx', caller: ' 8:acs:x ', rule: 'token.expired', admin: true };
  const address = addressOf('/portal/requests', parametersOf(filter));
  expect(filterOf(new URL(address, 'http://localhost').searchParams)).toEqual(filter);
  expect(isFiltered(filter)).toBe(true);
  expect(queryOf(filter)).toEqual({ path: '19:a&b=%', status: '4xx', caller: '8:acs:x', rule: 'token.expired', admin: 'true' });
});

it('asks for what was refused, whatever the class', () => {
  expect(queryOf({ ...none, status: 'refused' })).toEqual({ admin: 'false', refused: 'true' });
});
