import { expect, it } from 'vitest';
import { addressOf } from '../router.ts';
import { filterOf, isFiltered, parametersOf, queryOf } from './event-filter.ts';

const none = filterOf(new URLSearchParams());

it('asks for everything by default', () => {
  expect(queryOf(none)).toEqual({});
  expect(isFiltered(none)).toBe(false);
  expect(addressOf('/portal/events', parametersOf(none))).toBe('/portal/events');
});

it('survives the address bar', () => {
  const filter = { type: 'SMSReceived', subscription: 'hook', state: 'waiting', match: '/a&b=%/ ' };
  const address = addressOf('/portal/events', parametersOf(filter));
  expect(filterOf(new URL(address, 'http://localhost').searchParams)).toEqual(filter);
  expect(isFiltered(filter)).toBe(true);
  expect(queryOf(filter)).toEqual({ ...filter, match: '/a&b=%/' });
});
