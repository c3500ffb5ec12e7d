import { expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { UnavailableError } from './errors.ts';
import { ENGINES, FickleEngine, openStorage, START_MS } from './testing.ts';

const MINUTE_MS = 60_000;

it('a transaction of which nobody knows whether it was committed is followed by a look at what it may have left', async () => {
  await using database = await ENGINES[0]!.open();
  const clock = new VirtualClock(START_MS);
  const engine = new FickleEngine(database.engine);
  const storage = await openStorage({ engine, clock });
  const ran: unknown[] = [];
  let told = 0;
  storage.due.handle('test', ({ payload }) => Promise.resolve(void ran.push(payload)));
  storage.onUnknownOutcome(() => (told += 1));
  const schedule = (payload: string) => storage.write((tx) => storage.due.schedule(tx, { kind: 'test', dueAtMs: START_MS, payload }));

  engine.failureOnceDone = new UnavailableError('connection-lost');
  await expect(schedule('first')).rejects.toBe(engine.failureOnceDone);
  expect(told).toBe(0);
  engine.failureOnceDone = new UnavailableError('outcome-unknown');
  await expect(schedule('second')).rejects.toBe(engine.failureOnceDone);
  expect(told).toBe(1);

  engine.failureOnceDone = undefined;
  expect(ran).toEqual([]);
  await clock.advanceTo(START_MS + MINUTE_MS);
  expect(ran).toEqual(['first', 'second']);
  await storage.due.close();
});
