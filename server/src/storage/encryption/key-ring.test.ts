import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepeatableRandom } from '../../lib/testing.ts';
import { UnavailableError } from '../errors.ts';
import { statement } from '../statement.ts';
import { BOTH_ENGINES, LASTING_ENGINES, openSqlite, type TestDatabase, testMasterKey } from '../testing.ts';
import { KeyRing, keyRingMigrations, type KeyRingOptions } from './key-ring.ts';

const sql = statement<{ data_keys: { id: number; wrapped: Uint8Array; reserved: number } }>();
const setReserved = sql((db, p: { id: number; reserved: number }) =>
  db.updateTable('data_keys').set({ reserved: p.reserved }).where('id', '=', p.id),
);
const allKeys = sql((db, _: Record<never, never>) => db.selectFrom('data_keys').select(['id', 'reserved']).orderBy('id'));

const RESERVED_AT_START = 2 ** 24;
const SEALS_PER_KEY = 2 ** 32;

async function openRing(database: TestDatabase, options: Partial<KeyRingOptions> = {}): Promise<KeyRing> {
  await database.engine.migrate(keyRingMigrations);
  return KeyRing.open(database.engine, { master: testMasterKey(), random: new RepeatableRandom(), ...options });
}

function keyIdOf(sealed: Buffer): number {
  return sealed.readUInt32BE(1);
}

describe('R122: sealed bytes', () => {
  it('open again in the place for which they were sealed, whatever they are', async () => {
    await using database = await BOTH_ENGINES[0]!.open();
    const ring = await openRing(database);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (plain, place) => {
        expect(ring.unseal(ring.seal(plain, place), place)).toEqual(Buffer.from(plain));
      }),
    );
    expect(ring.unseal(ring.seal('grüße 🙂', 'a'), 'a').toString()).toBe('grüße 🙂');
  });

  it('do not show what they hold, and differ each time', async () => {
    await using database = await BOTH_ENGINES[0]!.open();
    const ring = await openRing(database);
    const [first, second] = [ring.seal('the very same words', 'a'), ring.seal('the very same words', 'a')];
    expect(first.includes('same')).toBe(false);
    expect(first.equals(second)).toBe(false);
  });

  it('do not open in another place', async () => {
    await using database = await BOTH_ENGINES[0]!.open();
    const ring = await openRing(database);
    expect(() => ring.unseal(ring.seal('secret', 'message 1'), 'message 2')).toThrow();
  });

  it('do not open when any one byte was changed, cut or added', async () => {
    await using database = await BOTH_ENGINES[0]!.open();
    const ring = await openRing(database);
    const sealed = ring.seal('secret', 'a');
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 0x01;
      expect(() => ring.unseal(changed, 'a'), `byte ${i} changed`).toThrow();
      expect(() => ring.unseal(sealed.subarray(0, i), 'a'), `cut to ${i} bytes`).toThrow();
    }
    expect(() => ring.unseal(Buffer.concat([sealed, Buffer.of(0)]), 'a')).toThrow();
    expect(ring.unseal(sealed, 'a').toString()).toBe('secret');
  });
});

describe.each(LASTING_ENGINES)('the key ring on $name', (engine) => {
  it('opens what an earlier run sealed', async () => {
    await using database = await engine.open();
    const sealed = (await openRing(database)).seal('secret', 'a');
    await database.engine.close();
    const again = await KeyRing.open(database.openAnother(), { master: testMasterKey(), random: new RepeatableRandom('later') });
    expect(again.unseal(sealed, 'a').toString()).toBe('secret');
  });

  it('says what to restore when the master key is another one', async () => {
    await using database = await engine.open();
    await openRing(database);
    const other = { master: testMasterKey('another'), random: new RepeatableRandom() };
    await expect(KeyRing.open(database.engine, other)).rejects.toThrow(/master key does not fit this data: restore the master\.key/);
  });

  it('takes its nonces from an allowance, again at each start', async () => {
    await using database = await engine.open();
    await openRing(database);
    await openRing(database);
    expect(await database.engine.all(allKeys, {})).toEqual([{ id: 1, reserved: 2 * RESERVED_AT_START }]);
  });

  it('goes over to a new key when the allowance of the old one is spent, and still opens what that one sealed', async () => {
    await using database = await engine.open();
    const sealed = (await openRing(database)).seal('old', 'a');
    await database.engine.write((tx) => tx.run(setReserved, { id: 1, reserved: SEALS_PER_KEY - RESERVED_AT_START }));
    expect(keyIdOf((await openRing(database)).seal('last of the first', 'a'))).toBe(1);
    const ring = await openRing(database);
    expect(keyIdOf(ring.seal('new', 'a'))).toBe(2);
    expect(ring.unseal(sealed, 'a').toString()).toBe('old');
  });

  it('goes over to a new key while it is in use', async () => {
    await using database = await engine.open();
    await openRing(database, { reservation: 8 });
    await database.engine.write((tx) => tx.run(setReserved, { id: 1, reserved: SEALS_PER_KEY - 8 }));
    const ring = await openRing(database, { reservation: 8 });
    await expect.poll(() => keyIdOf(ring.seal('x', 'a'))).toBe(2);
    expect(await database.engine.all(allKeys, {})).toEqual([
      { id: 1, reserved: SEALS_PER_KEY },
      { id: 2, reserved: 8 },
    ]);
  });
});

describe('the key ring', () => {
  it('never seals more than it reserved, and goes on when it could reserve again', async () => {
    await using database = await BOTH_ENGINES[0]!.open();
    const ring = await openRing(database, { reservation: 8 });
    for (let i = 0; i < 8; i++) ring.seal('x', 'a');
    expect(() => ring.seal('x', 'a')).toThrow(UnavailableError);
    await expect.poll(() => isSealing(ring)).toBe(true);
  });

  it('survives a reservation that failed', async () => {
    const database = await openSqlite();
    const ring = await openRing(database, { reservation: 8 });
    await database.engine.close();
    for (let i = 0; i < 8; i++) expect(ring.seal('x', 'a')).toBeInstanceOf(Buffer);
    expect(() => ring.seal('x', 'a')).toThrow(UnavailableError);
    await database[Symbol.asyncDispose]();
  });

  it('names a key that is missing', async () => {
    await using database = await BOTH_ENGINES[0]!.open();
    const ring = await openRing(database);
    const sealed = ring.seal('secret', 'a');
    sealed.writeUInt32BE(9, 1);
    expect(() => ring.unseal(sealed, 'a')).toThrow('data key 9 is missing');
  });
});

function isSealing(ring: KeyRing): boolean {
  try {
    return ring.seal('x', 'a').length > 0;
  } catch {
    return false;
  }
}
