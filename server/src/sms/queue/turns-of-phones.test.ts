import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurnsOfPhones } from './turns-of-phones.ts';

interface Thing {
  readonly to: string;
  readonly n: number;
}

describe('turns of phones', () => {
  it('give a phone one thing at a time, and others theirs beside it', () => {
    const turns = new TurnsOfPhones<Thing>();
    const [a1, a2, b1] = [
      { to: 'a', n: 1 },
      { to: 'a', n: 2 },
      { to: 'b', n: 1 },
    ] as const;
    for (const thing of [a1, a2, b1]) turns.add(thing);
    expect([turns.take(), turns.take(), turns.take()]).toEqual([a1, b1, undefined]);
    expect(turns.size).toBe(1);
    turns.release(b1);
    expect(turns.take()).toBeUndefined();
    turns.release(a1);
    expect(turns.take()).toBe(a2);
    expect(turns.size).toBe(0);
  });

  it('let what comes back go before all others to its phone', () => {
    const turns = new TurnsOfPhones<Thing>();
    const things = [1, 2, 3].map((n) => ({ to: 'a', n }));
    for (const thing of things) turns.add(thing);
    const first = turns.take()!;
    turns.putBack(first);
    expect(turns.size).toBe(3);
    expect(turns.take()).toBe(first);
  });

  it('keep the order of each phone, whatever is released, put back or added when', () => {
    const step = fc.oneof(
      fc.record({ add: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ end: fc.constantFrom<'release' | 'putBack'>('release', 'putBack'), which: fc.nat(2) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const turns = new TurnsOfPhones<Thing>();
        const underWay: Thing[] = [];
        const done: Thing[] = [];
        const take = (): void => {
          for (let thing = turns.take(); thing !== undefined; thing = turns.take()) {
            expect(underWay.map(({ to }) => to)).not.toContain(thing.to);
            underWay.push(thing);
          }
        };
        const release = (thing: Thing): void => {
          turns.release(thing);
          done.push(thing);
        };
        let n = 0;
        for (const next of steps) {
          if ('add' in next) turns.add({ to: next.add, n: n++ });
          else {
            const [thing] = underWay.splice(next.which % Math.max(1, underWay.length), 1);
            if (thing !== undefined && next.end === 'release') release(thing);
            else if (thing !== undefined) turns.putBack(thing);
          }
          take();
        }
        while (underWay.length > 0) {
          release(underWay.shift()!);
          take();
        }
        expect(turns.size).toBe(0);
        expect(done).toHaveLength(n);
        for (const phone of ['a', 'b', 'c']) {
          const order = done.filter(({ to }) => to === phone).map((thing) => thing.n);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
