import { beforeEach, describe, expect, it } from 'vitest';
import { BOTH_ENGINES, openStorage, START_MS, type TestDatabase } from '../storage/testing.ts';
import type { Storage } from '../storage/index.ts';
import { OwnedCache } from './owned-cache.ts';
import { type NumberRow, phoneNumberMigrations } from './store/migrations.ts';
import { numberStore } from './store/number-store.ts';

const ROW: NumberRow = {
  number: '+14255550100',
  resource_id: 'r1',
  country: 'US',
  type: 'geographic',
  assignment: 'application',
  area_code: '425',
  calling: 'inbound',
  sms: 'none',
  monthly_cents: 100,
  carrier: null,
  holder: null,
  held_until: null,
  purchased_at: START_MS,
  operation_id: null,
};

describe.each(BOTH_ENGINES)('who owns a number, on $name', (engine) => {
  let database: TestDatabase;
  let storage: Storage;
  let cache: OwnedCache;
  beforeEach(async () => {
    database = await engine.open();
    storage = await openStorage({ engine: database.engine, migrations: phoneNumberMigrations });
    cache = new OwnedCache();
    return async () => {
      await storage.close();
      await database[Symbol.asyncDispose]();
    };
  });

  const find = (resourceId = 'r1') => Promise.resolve(cache.find(storage.read, resourceId, ROW.number));
  const take = () => cache.whileChanging(() => storage.write((tx) => numberStore.take(tx, ROW, START_MS)));
  const remove = () => cache.whileChanging(() => storage.write((tx) => numberStore.remove(tx, ROW.number)));

  it('is told from before and after every change, and to nobody else', async () => {
    expect(await find()).toBeUndefined();
    await take();
    expect(await find()).toMatchObject({ phoneNumber: ROW.number, monthlyUsd: 1 });
    expect(await find('r2')).toBeUndefined();
    await remove();
    expect(await find()).toBeUndefined();
  });

  it('is remembered: asked again, it is told at once and without the store', async () => {
    await take();
    await find();
    const closed = { get: () => expect.fail('the store was asked'), all: () => expect.fail('the store was asked') };
    expect(cache.find(closed, 'r1', ROW.number)).toMatchObject({ phoneNumber: ROW.number });
    expect(cache.find(closed, 'r2', ROW.number)).toBeUndefined();
  });

  it('is not remembered from a look that a change has overtaken', async () => {
    await take();
    const overtaken = find();
    await remove();
    await overtaken;
    expect(await find()).toBeUndefined();
  });

  it('is not remembered while a change is under way, nor when it failed', async () => {
    await take();
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const change = cache.whileChanging(async () => {
      started.resolve();
      await ended.promise;
      await storage.write((tx) => numberStore.remove(tx, ROW.number));
      throw new Error('failed afterwards');
    });
    await started.promise;
    expect(await find()).toBeDefined();
    ended.resolve();
    await expect(change).rejects.toThrow('failed afterwards');
    expect(await find()).toBeUndefined();
  });
});
