import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Ids, RandomIds, SeededIds } from './ids.ts';
import { type Random, SystemRandom } from './random.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

function draw(ids: Ids, count: number): string[] {
  return Array.from({ length: count }, () => ids.uuid('user'));
}

describe('ids', () => {
  it.each([
    ['random', () => new RandomIds(new SystemRandom())],
    ['seeded', () => new SeededIds(1)],
  ])('that are %s are UUIDs, or bytes as many as wanted, and never the same twice', (_name, make) => {
    const ids = make();
    const drawn = draw(ids, 1_000);
    for (const id of drawn) expect(id).toMatch(UUID);
    expect(new Set(drawn).size).toBe(1_000);
    expect(ids.bytes('thread', 24)).toHaveLength(24);
    expect(ids.bytes('thread', 24)).not.toEqual(ids.bytes('thread', 24));
  });

  it('are the same under the same seed, others under another', () => {
    expect(draw(new SeededIds(7), 10)).toEqual(draw(new SeededIds(7), 10));
    expect(draw(new SeededIds(8), 10)).not.toEqual(draw(new SeededIds(7), 10));
  });

  it('of one kind do not depend on those of another', () => {
    const mixed = new SeededIds(7);
    mixed.bytes('thread', 24);
    mixed.uuid('work');
    expect(draw(mixed, 5)).toEqual(draw(new SeededIds(7), 5));
    expect(new SeededIds(7).uuid('thread')).not.toBe(new SeededIds(7).uuid('user'));
  });

  it('go on where they stood, and are new ones after another start', () => {
    const first = new SeededIds(7);
    draw(first, 3);
    const { positions } = first;
    const following = draw(first, 3);
    const second = new SeededIds(7);
    second.goOnAt(structuredClone(positions));
    expect(draw(second, 3)).toEqual(following);
    second.goOnAt({ start: 1, drawn: {} });
    const again = draw(second, 6);
    expect(draw(new SeededIds(7), 6).filter((id) => again.includes(id))).toEqual([]);
  });

  it('can never take the place of the chance behind keys', () => {
    expectTypeOf<SeededIds>().not.toExtend<Random>();
  });
});
