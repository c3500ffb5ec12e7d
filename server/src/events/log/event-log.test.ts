import { expect, it } from 'vitest';
import { realTimers } from '../../lib/timers.ts';
import type { Event, NewEvent, Publication } from '../event.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { Queued } from './entry.ts';
import { EventLog, type EventLogOptions } from './event-log.ts';
import type { LogQuery } from './logged-event.ts';

const ALL: LogQuery = { sourceId: undefined, types: undefined, isQueued: false, test: () => true };
const OK = { outcome: 'Delivered', status: 200, atMs: 1, durationMs: 1 } as const;

function openLog(options: Partial<EventLogOptions> = {}): EventLog {
  return new EventLog({ timers: realTimers, keepsAll: true, newId: () => '00000000-0000-4000-8000-0000ffffffff', ...options });
}

function event(id: string, data: unknown = {}): Event {
  return { id, topic: '/t', type: 'Some.Type', subject: 's', data, atMs: 1, dataVersion: '1.0' };
}

/** Only the members that the log looks at. */
const subscription = (name: string) => ({ name, sourceId: 'r' }) as Subscription;

function queued(id: string, of: Event, name = 'hook'): Queued {
  return { delivery: { id, bytes: 100, event: of, attempts: 0, publishedAtMs: 1 }, subscription: subscription(name) };
}

function publication(subject: string, more: Partial<Publication> = {}): Publication {
  return { sourceId: 'r', type: 'Some.Type', make: () => [{ subject, data: {}, atMs: 1 }], ...more };
}

const subjects = (log: EventLog, query = ALL) => log.list(query, 100).map((logged) => logged.event.subject);

it('makes events that nobody subscribed to only when somebody looks, with the same ids each time', () => {
  const log = openLog();
  let made = 0;
  const make = (): NewEvent[] => Array.from({ length: 250 }, (_, i) => ({ subject: `s${i}-${made++}`, data: {}, atMs: 1 }));
  log.unheard(publication('', { make, count: 250 }), '/t');
  expect(made).toBe(0);
  expect(log.size.events).toBe(250);
  const ids = log.list(ALL, 1_000).map((logged) => logged.event.id);
  expect(new Set(ids).size).toBe(250);
  expect(log.list(ALL, 1_000).map((logged) => logged.event.id)).toEqual(ids);
  expect(log.list({ ...ALL, sourceId: 'other' }, 10)).toEqual([]);
  expect(log.list({ ...ALL, isQueued: true }, 10)).toEqual([]);
  expect(made).toBe(500);
});

it('lists the newest first, by type and source', () => {
  const log = openLog();
  log.unheard(publication('one'), '/t');
  log.unheard(publication('two', { type: 'Other.Type' }), '/t');
  log.published({ sourceId: 'q', bytes: 10, events: [event('a')], queued: [] });
  expect(subjects(log)).toEqual(['s', 'two', 'one']);
  expect(subjects(log, { ...ALL, types: ['other.type'] })).toEqual(['two']);
  expect(subjects(log, { ...ALL, sourceId: 'q' })).toEqual(['s']);
});

it('lets the oldest go when there are too many, or they weigh too much', () => {
  const few = openLog({ mostEvents: 3 });
  for (const name of ['one', 'two', 'three', 'four']) few.unheard(publication(name), '/t');
  expect(subjects(few)).toEqual(['four', 'three', 'two']);
  const light = openLog({ mostBytes: 10_000 });
  for (const name of ['one', 'two', 'three', 'four']) light.unheard(publication(name, { bytes: 4_000 }), '/t');
  expect(subjects(light)).toEqual(['four', 'three']);
  expect(light.size).toEqual({ events: 2, bytes: 8_000 });
  // Whoever tells no weight is weighed.
  light.published({ sourceId: 'r', bytes: undefined, events: [event('a', 'x'.repeat(20_000))], queued: [] });
  expect(light.size.events).toBe(1);
});

it('weighs attempts, and forgets the deliveries of what it lets go', () => {
  const log = openLog({ mostBytes: 20_000 });
  const first = event('a');
  log.published({ sourceId: 'r', bytes: 100, events: [first], queued: [queued('d1', first), queued('d2', first, 'other')] });
  const before = log.size.bytes;
  log.attempted([queued('d1', first).delivery], subscription('hook'), { ...OK, detail: 'x'.repeat(100) });
  expect(log.size.bytes).toBe(before + 400);
  log.published({ sourceId: 'r', bytes: 19_500, events: [event('b')], queued: [] });
  expect(log.list(ALL, 10).map((logged) => logged.event.id)).toEqual(['b']);
  log.postponed('d2', 5);
  expect(log.size).toEqual({ events: 1, bytes: 20_500 });
});

it('remembers one event of an earlier start once, whoever it is delivered to', () => {
  const log = openLog({ keepsAll: false });
  const one = event('a');
  log.attempted([queued('d1', one).delivery], subscription('hook'), OK);
  log.attempted([queued('d2', one).delivery], subscription('other'), { ...OK, outcome: 'Busy' });
  expect(log.list(ALL, 10)).toHaveLength(1);
  expect(log.list(ALL, 10)[0]?.deliveries).toMatchObject([
    { subscription: 'hook', state: 'delivered', attemptCount: 1 },
    { subscription: 'other', state: 'waiting' },
  ]);
});

it('keeps what nobody wants only when it keeps all', () => {
  const log = openLog({ keepsAll: false });
  const [wanted, unwanted] = [event('a'), event('b')];
  log.published({ sourceId: 'r', bytes: 1, events: [wanted, unwanted], queued: [queued('d', wanted)] });
  expect(log.list(ALL, 10).map((logged) => logged.event.id)).toEqual(['a']);
});

it('ends a wait when enough events pass at once', async () => {
  const log = openLog();
  const one = event('a');
  const waitOptions = { count: 2, waitMs: 60_000, whenOver: () => undefined };
  let isOver = false;
  const isDelivered: LogQuery = { ...ALL, test: ({ deliveries }) => deliveries.some(({ state }) => state === 'delivered') };
  const over = log.wait(isDelivered, waitOptions).then(() => (isOver = true));
  log.published({ sourceId: 'r', bytes: 1, events: [one], queued: [queued('d1', one), queued('d2', one)] });
  // The same event twice is one event.
  log.attempted([queued('d1', one).delivery, queued('d2', one).delivery], subscription('hook'), OK);
  await Promise.resolve();
  expect(isOver).toBe(false);
  const two = event('b');
  log.published({ sourceId: 'r', bytes: 1, events: [two], queued: [queued('d3', two)] });
  log.attempted([queued('d3', two).delivery], subscription('hook'), OK);
  await over;
  expect(isOver).toBe(true);
});

it('counts for a wait only what was not forgotten since', async () => {
  const log = openLog();
  log.unheard(publication('one'), '/t');
  let isOver = false;
  const over = log.wait(ALL, { count: 2, waitMs: 60_000, whenOver: () => undefined }).then(() => (isOver = true));
  log.clear();
  expect(log.size).toEqual({ events: 0, bytes: 0 });
  log.published({ sourceId: 'r', bytes: 1, events: [event('a')], queued: [] });
  await Promise.resolve();
  expect(isOver).toBe(false);
  log.published({ sourceId: 'r', bytes: 1, events: [event('b')], queued: [] });
  await over;
  expect(isOver).toBe(true);
});

it('has another revision after each change, and resolves for those who wait for one', async () => {
  const log = openLog();
  const seen = new Set([log.revision]);
  const differs = (): void => {
    expect(seen).not.toContain(log.revision);
    seen.add(log.revision);
  };
  const options = { waitMs: 60_000, whenOver: () => undefined };
  const waiting = log.changed(log.revision, options);
  log.unheard(publication('one'), '/t');
  await waiting;
  differs();
  const one = queued('d', event('a'));
  log.published({ sourceId: 'r', bytes: 10, events: [one.delivery.event], queued: [one] });
  differs();
  log.attempted([one.delivery], one.subscription, { atMs: 1, durationMs: 1, outcome: 'Busy' });
  differs();
  log.postponed('d', 10);
  differs();
  log.gaveUp('d', { state: 'dropped', reason: 'TimeToLiveExceeded' });
  differs();
  // Somebody who missed a change does not wait for another.
  await log.changed(log.revision - 1, options);
  log.clear();
  differs();
});

it('puts the deliveries of a replay with those that the event had, and says which they are', () => {
  const log = openLog();
  const one = event('a');
  log.published({ sourceId: 'r', bytes: 10, events: [one], queued: [queued('d1', one)] });
  log.unheard(publication('two', { make: () => ['x', 'y'].map((subject) => ({ subject, data: {}, atMs: 1 })), count: 2 }), '/t');
  const { revision } = log;
  log.replayed({ sourceId: 'r', event: one, queued: [queued('d2', one, 'other')], atMs: 7 });
  expect(log.revision).not.toBe(revision);
  const [, unheard] = log.list(ALL, 10).map((logged) => logged.event);
  log.replayed({ sourceId: 'r', event: unheard!, queued: [queued('d3', unheard!)], atMs: 8 });
  log.attempted([queued('d3', unheard!).delivery], subscription('hook'), OK);
  expect(log.size.events).toBe(3);
  expect(log.list(ALL, 10).map((logged) => [logged.event.subject, logged.deliveries])).toMatchObject([
    ['y', []],
    ['x', [{ subscription: 'hook', state: 'delivered', replayedAtMs: 8 }]],
    [
      's',
      [
        { subscription: 'hook', state: 'waiting', replayedAtMs: undefined },
        { subscription: 'other', state: 'waiting', replayedAtMs: 7 },
      ],
    ],
  ]);
  expect(log.list({ ...ALL, isQueued: true }, 10).map((logged) => logged.event.subject)).toContain('x');
});

it('remembers a replay of what it has forgotten meanwhile, and nothing of one that nobody wants', () => {
  const log = openLog({ mostEvents: 1 });
  const one = event('a');
  log.replayed({ sourceId: 'r', event: one, queued: [], atMs: 7 });
  expect(log.list(ALL, 10)).toEqual([]);
  log.replayed({ sourceId: 'r', event: one, queued: [queued('d', one)], atMs: 7 });
  expect(log.list(ALL, 10)).toMatchObject([{ event: { id: 'a' }, deliveries: [{ replayedAtMs: 7 }] }]);
});

it('takes up again what it forgot when it fails, and not when it is delivered at last', () => {
  const log = openLog({ mostEvents: 1 });
  const forgotten = queued('d', event('old'));
  log.published({ sourceId: 'r', bytes: 10, events: [forgotten.delivery.event], queued: [forgotten] });
  const newer = queued('e', event('new'));
  log.published({ sourceId: 'r', bytes: 10, events: [newer.delivery.event], queued: [newer] });
  const ids = (): string[] =>
    log.list({ sourceId: 'r', types: undefined, isQueued: false, test: () => true }, 10).map((logged) => logged.event.id);
  log.attempted([forgotten.delivery], forgotten.subscription, { atMs: 1, durationMs: 1, outcome: 'Delivered' });
  expect(ids()).toEqual(['new']);
  log.attempted([forgotten.delivery], forgotten.subscription, { atMs: 2, durationMs: 1, outcome: 'Busy' });
  expect(ids()).toEqual(['old']);
});
