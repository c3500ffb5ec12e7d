import { expect, it } from 'vitest';
import { Flights } from './flights.ts';

it('lands a message when every member of its room has it', async () => {
  const flights = new Flights(2);
  const { sequence, landed } = flights.start(5);
  flights.arrived(5, 1, sequence);
  expect(flights.missing).toBe(1);
  flights.arrived(5, 0, sequence);
  await expect(landed).resolves.toBeUndefined();
  expect(flights.missing).toBe(0);
  expect(flights.lastOf(5)).toBe(sequence);
});

it('uses each number once', () => {
  const flights = new Flights(1);
  expect(flights.start(0).sequence).not.toBe(flights.start(0).sequence);
});

it.each([
  [
    'a second copy in flight',
    [
      [0, 1],
      [0, 1],
    ],
  ],
  [
    'a second copy after landing',
    [
      [0, 0],
      [0, 1],
      [0, 1],
    ],
  ],
  ['another room’s message', [[1, 0]]],
])('fails all flights at %s', async (_, arrivals) => {
  const flights = new Flights(2);
  const { sequence, landed: hit } = flights.start(0);
  const { landed } = flights.start(0);
  hit.catch(() => undefined);
  for (const [room = 0, member = 0] of arrivals) flights.arrived(room, member, sequence);
  await expect(landed).rejects.toThrow('twice or unasked');
  expect(() => flights.check()).toThrow('twice or unasked');
  expect(() => flights.start(0)).toThrow('twice or unasked');
});
