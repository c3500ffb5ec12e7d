import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../storage/index.ts';
import { BOTH_ENGINES, type TestEngine } from '../../storage/testing.ts';
import type { Delivery } from './attempt.ts';
import { DELIVERED, newDelivery, openWorker, SILENT, storedSubscription, type WorkerOptions } from './testing.ts';

const SQLITE = BOTH_ENGINES[0] as TestEngine;
const AWAY = new UnavailableError('connection-lost');
const UNKNOWN = new UnavailableError('outcome-unknown');
const SECOND_MS = 1_000;
const MINUTE_S = 60;

const some = (count: number): readonly Delivery[] => Array.from({ length: count }, () => newDelivery());

async function open(engine: TestEngine = SQLITE, options: Omit<WorkerOptions, 'engine'> = {}) {
  const database = await engine.open();
  const worker = await openWorker({ engine: database.engine, ...options });
  const subscription = await storedSubscription(worker.storage);
  worker.deliveries.set([subscription]);
  await worker.deliveries.start({ isAlone: true });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      worker.timers.advance(SECOND_MS);
      await worker.database.settled();
      await worker.deliveries.idle();
    }
  };
  return {
    ...worker,
    subscription,
    endpoint: worker.endpointOf(subscription),
    pass,
    [Symbol.asyncDispose]: async () => {
      await worker.deliveries.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

describe('deliveries from a database that is away at times', () => {
  it.each([
    { what: 'taken', result: DELIVERED },
    { what: 'not taken', result: SILENT },
  ])('repeat nothing while it cannot be noted that events were $what, and go on when it can', async ({ result }) => {
    await using worker = await open();
    const { database, publish, subscription, endpoint, deliveries, pass, clock } = worker;
    const answer = endpoint.hang();
    const ids = await publish(subscription, some(200));
    await endpoint.begun(2);
    database.failure = AWAY;
    answer(result);
    endpoint.answer = () => setImmediate(result);
    await pass(1);
    const begun = endpoint.attempts.length;
    // As many as are noted together, and those under way beside them.
    expect(begun).toBeLessThan(64 + 2 * 8);
    await pass(2 * MINUTE_S);
    expect(endpoint.attempts).toHaveLength(begun);
    expect(worker.lines.filter((line) => line.includes('"level":40')).length).toBeLessThan(10);

    endpoint.answer = () => DELIVERED;
    database.failure = undefined;
    await pass(1);
    await clock.advanceTo(clock.now() + 3_600_000);
    expect(new Set(endpoint.attempts.flat())).toEqual(new Set(ids));
    expect(endpoint.attempts).toHaveLength(ids.length + (result === SILENT ? begun : 0));
    expect(await deliveries.waiting(subscription.id)).toBe(0);
  });

  it('go on when it is back, for what was queued before it went, and what could not be read', async () => {
    await using worker = await open();
    const { database, publish, subscription, endpoint, deliveries, pass, clock } = worker;
    endpoint.answer = () => SILENT;
    await publish(subscription, some(10));
    await deliveries.idle();
    endpoint.answer = () => DELIVERED;
    const before = endpoint.attempts.length;
    database.failure = AWAY;
    await clock.advanceTo(clock.now() + 3_600_000);
    await pass(2 * MINUTE_S);
    expect(endpoint.attempts).toHaveLength(before);
    database.failure = undefined;
    await pass(1);
    expect(endpoint.attempts).toHaveLength(before + 10);
    expect(await deliveries.waiting(subscription.id)).toBe(0);
  });

  it('find an event of which nobody knew whether it was stored', async () => {
    await using worker = await open();
    const { database, publish, subscription, endpoint, deliveries, pass } = worker;
    database.failureOnceDone = UNKNOWN;
    const [event] = some(1);
    await expect(publish(subscription, [event!])).rejects.toBe(UNKNOWN);
    database.failure = AWAY;
    await pass(MINUTE_S);
    database.failureOnceDone = undefined;
    database.failure = undefined;
    await pass(10);
    expect(endpoint.attempts).toEqual([[event!.id]]);
    expect(await deliveries.waiting(subscription.id)).toBe(0);
  });

  it.each(BOTH_ENGINES)('give up once what they do not know to have given up, on $name', async (engine) => {
    const kept: string[] = [];
    await using worker = await open(engine, { place: { write: (_path, text) => Promise.resolve(void kept.push(text)) } });
    const { database, publish, subscription, endpoint, deliveries, pass, clock } = worker;
    endpoint.answer = () => ({ outcome: 'BadRequest', status: 400 });
    const answer = endpoint.hang();
    await publish(subscription, some(2));
    await endpoint.begun(2);
    database.failureOnceDone = UNKNOWN;
    answer({ outcome: 'BadRequest', status: 400 });
    await pass(3);
    database.failureOnceDone = undefined;
    await pass(1);
    await clock.advanceTo(clock.now() + MINUTE_S * SECOND_MS);
    await deliveries.idle();
    expect(await deliveries.waiting(subscription.id)).toBe(0);
    expect(kept.flatMap((text) => JSON.parse(text) as unknown[])).toHaveLength(2);
    expect(endpoint.attempts).toHaveLength(2);
  });
});
