import { describe, expect, it } from 'vitest';
import { ManualTimers } from './testing.ts';
import { Waiters } from './waiters.ts';

describe('waiters', () => {
  it('are woken by what they wait for, and by nothing else', async () => {
    const waiters = new Waiters<number>({ timers: new ManualTimers(), capacity: 2 });
    const even = waiters.wait((item) => item % 2 === 0, { waitMs: 1_000 });
    waiters.offer(1);
    expect(waiters.size).toBe(1);
    waiters.offer(2);
    await even;
    expect(waiters.size).toBe(0);
  });

  it('give up after their time', async () => {
    const timers = new ManualTimers();
    const waiters = new Waiters<number>({ timers, capacity: 2 });
    const wait = waiters.wait(() => true, { waitMs: 1_000 });
    timers.advance(999);
    expect(waiters.size).toBe(1);
    timers.advance(1);
    await wait;
    expect(waiters.size).toBe(0);
  });

  it('are at most as many as there is room for; others do not wait', async () => {
    const waiters = new Waiters<number>({ timers: new ManualTimers(), capacity: 1 });
    void waiters.wait(() => true, { waitMs: 1_000 });
    expect(waiters.isFull).toBe(true);
    await waiters.wait(() => true, { waitMs: 1_000 });
    expect(waiters.size).toBe(1);
    waiters.close();
  });

  it('end when they are closed, and do not begin afterwards', async () => {
    const timers = new ManualTimers();
    const waiters = new Waiters<number>({ timers, capacity: 2 });
    const wait = waiters.wait(() => true, { waitMs: 1_000 });
    waiters.close();
    waiters.close();
    await wait;
    await waiters.wait(() => true, { waitMs: 1_000 });
    expect(timers.waiting).toBe(0);
  });
});
