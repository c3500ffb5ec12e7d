import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, openStorage, START_MS } from '../../storage/testing.ts';
import { type NumberRow, phoneNumberMigrations } from './migrations.ts';
import { numberStore } from './number-store.ts';

function held(number: string, changes: Partial<NumberRow> = {}): NumberRow {
  return {
    number,
    resource_id: 'r1',
    country: 'US',
    type: 'geographic',
    assignment: 'application',
    area_code: '206',
    calling: 'inbound',
    sms: 'none',
    monthly_cents: 100,
    carrier: null,
    holder: 's1',
    held_until: START_MS + 1_000,
    purchased_at: null,
    operation_id: null,
    ...changes,
  };
}

const OWNED = { holder: null, held_until: null, purchased_at: START_MS };
const PLACE = { country: 'US', type: 'geographic', areaCode: '206' };

describe.each(BOTH_ENGINES)('the store of phone numbers on $name', (engine) => {
  async function opened() {
    const database = await engine.open();
    return { database, storage: await openStorage({ engine: database.engine, migrations: phoneNumberMigrations }) };
  }

  it('gives a number to one only, until its hold is over', async () => {
    const { database, storage } = await opened();
    await using _ = database;
    const take = (row: NumberRow, nowMs: number) => storage.write((tx) => numberStore.take(tx, row, nowMs));
    expect(await take(held('+1'), START_MS)).toBe(true);
    expect(await take(held('+1', { holder: 's2' }), START_MS + 999)).toBe(false);
    expect(await numberStore.takenIn(storage.read, { ...PLACE, nowMs: START_MS + 999 })).toEqual(new Set(['+1']));
    expect(await numberStore.takenIn(storage.read, { ...PLACE, nowMs: START_MS + 1_000 })).toEqual(new Set());
    expect(await take(held('+1', { holder: 's2', resource_id: 'r2', held_until: START_MS + 9_000 }), START_MS + 1_000)).toBe(true);
    expect(await numberStore.find(storage.read, '+1')).toMatchObject({ holder: 's2', resource_id: 'r2' });
    await storage.close();
  });

  it('never gives away what is being purchased, or owned', async () => {
    const { database, storage } = await opened();
    await using _ = database;
    await storage.write(async (tx) => {
      await numberStore.take(tx, held('+1'), START_MS);
      await numberStore.keepHeld(tx, 's1', undefined);
      await numberStore.take(tx, held('+2', OWNED), START_MS);
    });
    const later = START_MS + 1e9;
    expect(await storage.write((tx) => numberStore.take(tx, held('+1', { holder: 's2' }), later))).toBe(false);
    expect(await storage.write((tx) => numberStore.take(tx, held('+2', { holder: 's2' }), later))).toBe(false);
    expect(await numberStore.takenIn(storage.read, { ...PLACE, nowMs: later })).toEqual(new Set(['+1', '+2']));
    await storage.close();
  });

  it('gives back what is held beyond its time, and nothing else', async () => {
    const { database, storage } = await opened();
    await using _ = database;
    await storage.write((tx) => numberStore.take(tx, held('+1'), START_MS));
    await storage.write((tx) => numberStore.freeOverdue(tx, 's1', START_MS + 999));
    expect(await numberStore.heldBy(storage.read, 's1')).toHaveLength(1);
    await storage.write((tx) => numberStore.freeOverdue(tx, 's1', START_MS + 1_000));
    expect(await numberStore.heldBy(storage.read, 's1')).toEqual([]);
    await storage.close();
  });

  it('makes what is held owned, and lists it by key', async () => {
    const { database, storage } = await opened();
    await using _ = database;
    await storage.write(async (tx) => {
      for (const number of ['+3', '+1', '+2']) await numberStore.take(tx, held(number), START_MS);
      await numberStore.take(tx, held('+4', { holder: 's2' }), START_MS);
      await numberStore.purchaseHeld(tx, 's1', START_MS);
    });
    const page = (after: string, skip = 0, limit = 2) =>
      Promise.resolve(numberStore.ownedPage(storage.read, { resourceId: 'r1', after, skip, limit, hidden: 'shortCode' }));
    expect((await page('')).map(({ number }) => number)).toEqual(['+1', '+2']);
    expect((await page('+2')).map(({ number }) => number)).toEqual(['+3']);
    expect((await page('', 1)).map(({ number }) => number)).toEqual(['+2', '+3']);
    expect(await numberStore.heldBy(storage.read, 's1')).toEqual([]);
    await storage.close();
  });

  it('removes the numbers of a resource in steps', async () => {
    const { database, storage } = await opened();
    await using _ = database;
    await storage.write(async (tx) => {
      for (const number of ['+1', '+2', '+3']) await numberStore.take(tx, held(number, OWNED), START_MS);
      await numberStore.take(tx, held('+4', { ...OWNED, resource_id: 'r2' }), START_MS);
    });
    expect(await storage.write((tx) => numberStore.removeSome(tx, 'r1', 2))).toBe(2);
    expect(await storage.write((tx) => numberStore.removeSome(tx, 'r1', 2))).toBe(1);
    expect(await numberStore.find(storage.read, '+4')).toBeDefined();
    await storage.close();
  });
});
