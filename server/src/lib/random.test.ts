import { describe, expect, it } from 'vitest';
import { SystemRandom, uuid } from './random.ts';
import { RepeatableRandom } from './testing.ts';

describe('chance', () => {
  it('gives as many bytes as are asked for, past the end of its pool too', () => {
    const random = new SystemRandom();
    for (const length of [0, 1, 12, 5_000, 5_000, 5_000, 12_288, 12_289, 100_000]) expect(random.bytes(length)).toHaveLength(length);
  });

  it('never gives the same bytes twice, and never changes what it gave', () => {
    const random = new SystemRandom();
    const first = random.bytes(16);
    const kept = first.toString('hex');
    const seen = new Set([kept]);
    for (let i = 0; i < 5_000; i++) seen.add(random.bytes(16).toString('hex'));
    expect(seen.size).toBe(5_001);
    expect(first.toString('hex')).toBe(kept);
  });
});

describe('a UUID', () => {
  it('R10: is of version 4 and of the variant of RFC 9562, each time another', () => {
    const random = new SystemRandom();
    const ids = Array.from({ length: 1_000 }, () => uuid(random));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(1_000);
  });

  it('follows from the chance it is made of', () => {
    expect(uuid(new RepeatableRandom('a'))).toBe(uuid(new RepeatableRandom('a')));
    expect(uuid(new RepeatableRandom('a'))).not.toBe(uuid(new RepeatableRandom('b')));
  });
});
