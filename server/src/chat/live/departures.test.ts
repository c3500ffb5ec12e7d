import { describe, expect, it } from 'vitest';
import { Departures } from './departures.ts';

const user = (id: string, resourceId = 'r') => ({ resourceId, id });

describe('users who have left', () => {
  it('are remembered with the last time, until they come back', () => {
    const departures = new Departures();
    departures.left(user('ann'), 1);
    departures.left(user('ann'), 2);
    departures.left(user('bob'), 3);
    departures.left(user('ann', 'other'), 4);
    expect(departures.of(user('ann'))).toBe(2);
    expect(departures.ofResource('r')).toEqual(['ann', 'bob']);
    departures.cameBack(user('ann'));
    expect(departures.of(user('ann'))).toBeUndefined();
    expect(departures.of(user('ann', 'other'))).toBe(4);
    expect(departures.ofResource('r')).toEqual(['bob']);
  });

  it('are 10,000 at most: who left first is forgotten', () => {
    const departures = new Departures();
    for (let i = 0; i < 10_000; i++) departures.left(user(`u${i}`), i);
    departures.left(user('u0'), 10_000);
    departures.left(user('one more'), 10_001);
    expect(departures.ofResource('r')).toHaveLength(10_000);
    expect(departures.of(user('u0'))).toBe(10_000);
    expect(departures.of(user('u1'))).toBeUndefined();
  });
});
