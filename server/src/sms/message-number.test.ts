import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepeatableRandom } from '../lib/testing.ts';
import { firstNumberOf, messageIdOf, MessageNumbers, numberInId, referenceOf } from './message-number.ts';

const START_MS = Date.UTC(2026, 0, 15, 10, 20, 30);
const random = new RepeatableRandom();

function idOf(no: number): string {
  return messageIdOf('Outgoing', no, { atMs: START_MS, chance: random.bytes(8) });
}

describe('numbers of messages', () => {
  it('rise, whatever the clock does', () => {
    const numbers = new MessageNumbers();
    const times = [START_MS, START_MS, START_MS - 86_400_000, START_MS + 1, Date.UTC(9998, 0), START_MS, -1];
    const given = times.map((atMs) => numbers.next(atMs));
    expect(given).toEqual([...given].sort((a, b) => a - b));
    expect(new Set(given).size).toBe(times.length);
    expect(given.every(Number.isSafeInteger)).toBe(true);
  });

  it('hold their time, so that what is older has lower ones', () => {
    const numbers = new MessageNumbers();
    const before = numbers.next(START_MS - 1);
    const at = numbers.next(START_MS);
    expect(before).toBeLessThan(firstNumberOf(START_MS));
    expect(at).toBe(firstNumberOf(START_MS));
  });

  it('go on behind those of another state', () => {
    const numbers = new MessageNumbers();
    numbers.goOnAfter(firstNumberOf(START_MS) + 5);
    expect(numbers.next(START_MS)).toBe(firstNumberOf(START_MS) + 6);
  });
});

describe('ids of messages', () => {
  it('have the form of Azure, with a UUID of version 7', () => {
    expect(idOf(firstNumberOf(START_MS))).toMatch(
      /^Outgoing_20260115102030[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
    expect(messageIdOf('Incoming', 0, { atMs: 0, chance: random.bytes(8) })).toMatch(/^Incoming_19700101000000/);
  });

  it('hold the number', () => {
    fc.assert(fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (no) => numberInId(idOf(no)) === no));
  });

  it.each(['', 'Outgoing_', `Outgoing_20260115102030${crypto.randomUUID()}`, idOf(5).slice(0, -1), `x${idOf(5)}`, `${idOf(5)}\n`])(
    'are nothing else, such as %j',
    (text) => {
      expect(numberInId(text)).toBeUndefined();
    },
  );
});

describe('references of messages', () => {
  it('are spread, also in their lower half, for messages that follow one another', () => {
    const numbers = Array.from({ length: 256 }, (_, n) => firstNumberOf(START_MS + n * 1_000));
    const references = numbers.map(referenceOf);
    expect(references.every((reference) => reference >= 0 && reference <= 0xffff)).toBe(true);
    expect(new Set(references).size).toBeGreaterThan(250);
    expect(new Set(references.map((reference) => reference & 0xff)).size).toBeGreaterThan(120);
    expect(references).toEqual(numbers.map(referenceOf));
  });
});
