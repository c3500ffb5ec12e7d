import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, openStorage, START_MS, type TestEngine } from '../../storage/testing.ts';
import { ContentSeal } from '../content.ts';
import { chatMigrations } from './migrations.ts';
import { MessageStore } from './message-store.ts';
import { ThreadStore } from './thread-store.ts';

async function setUp(engine: TestEngine) {
  const database = await engine.open();
  const storage = await openStorage({ engine: database.engine, migrations: chatMigrations });
  const seal = new ContentSeal(storage.keys);
  const store = new ThreadStore(seal);
  const wish = { id: '19:a@thread.v2', resourceId: 'r', createdBy: '8:acs:ann', createdAtMs: START_MS, properties: { topic: 't' } };
  const thread = await storage.write((tx) => store.insert(tx, wish));
  const place = async (nowMs: number, version = thread.version) => {
    const taken = await storage.write((tx) => store.takePlace(tx, { no: thread.no, version }, nowMs));
    return taken === undefined ? undefined : { id: taken.id, sequence: taken.sequence };
  };
  return { storage, seal, store, thread, place, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

describe.each(BOTH_ENGINES)('the places of a thread on $name', (engine) => {
  it('are the time, or one more than the last where that is not later', async () => {
    await using opened = await setUp(engine);
    const { place } = opened;
    expect(await place(START_MS)).toEqual({ id: START_MS, sequence: 1 });
    expect(await place(START_MS)).toEqual({ id: START_MS + 1, sequence: 2 });
    expect(await place(START_MS - 5_000)).toEqual({ id: START_MS + 2, sequence: 3 });
    expect(await place(START_MS + 10)).toEqual({ id: START_MS + 10, sequence: 4 });
  });

  it('are taken once each, however many are taken at once', async () => {
    await using opened = await setUp(engine);
    const { place } = opened;
    const places = await Promise.all(Array.from({ length: 50 }, () => place(START_MS)));
    const sequences = places.map((taken) => taken?.sequence ?? 0).sort((a, b) => a - b);
    expect(sequences).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(new Set(places.map((taken) => taken?.id)).size).toBe(50);
  });

  it('are refused to a stale copy, and in a deleted thread', async () => {
    await using opened = await setUp(engine);
    const { place, store, storage, thread } = opened;
    expect(await storage.write((tx) => store.touch(tx, thread))).toBe(true);
    expect(await place(START_MS)).toBeUndefined();
    expect(await storage.write((tx) => store.touch(tx, thread))).toBe(false);
    expect(await storage.write((tx) => store.markDeleted(tx, thread, { atMs: START_MS, reason: 'deletedByUser' }))).toBe(false);
    const present = await store.find(storage.read, thread.id);
    expect(await place(START_MS, present!.version)).toEqual({ id: START_MS, sequence: 1 });
    expect(await storage.write((tx) => store.markDeleted(tx, present!, { atMs: START_MS, reason: 'deletedByUser' }))).toBe(true);
    expect(await store.find(storage.read, thread.id)).toBeUndefined();
    expect(await place(START_MS, present!.version + 1)).toBeUndefined();
  });
});

describe.each(BOTH_ENGINES)('stored messages on $name', (engine) => {
  it('are replaced only in the state that was seen', async () => {
    await using opened = await setUp(engine);
    const { storage, seal, thread } = opened;
    const messages = new MessageStore(seal);
    const draft = { id: START_MS, sequence: 1, type: 'text', sender: '8:acs:ann', content: { text: 'one' } } as const;
    const before = await storage.write((tx) => messages.insert(tx, thread, draft));
    const after = { ...before, version: START_MS + 1, content: { text: 'two' }, editedAtMs: START_MS + 1 };
    expect(await storage.write((tx) => messages.replace(tx, thread, { before, after }))).toBe(true);
    expect(await storage.write((tx) => messages.replace(tx, thread, { before, after }))).toBe(false);
    expect(await messages.find(storage.read, thread, START_MS)).toEqual(after);
  });

  it.each([
    { which: 'few where they are long', text: 'x'.repeat(300_000), steps: [3, 6, 7] },
    { which: 'many where they are short', text: 'x', steps: [500, 1_000, 1_100] },
    { which: 'one where it is longer than a step', text: 'x'.repeat(1_200_000), steps: [1, 2] },
  ])('are removed oldest first, in steps: $which', async ({ text, steps }) => {
    const count = steps.at(-1)!;
    await using opened = await setUp(engine);
    const { storage, seal, thread } = opened;
    const messages = new MessageStore(seal);
    await storage.write(async (tx) => {
      for (let i = 1; i <= count + 1; i++)
        await messages.insert(tx, thread, { id: i, sequence: i, type: 'text', sender: undefined, content: { text } });
    });
    for (const gone of steps) {
      expect(await storage.write((tx) => messages.removeSomeBelow(tx, thread.no, count + 1))).toBe(gone === count);
      expect(await messages.oldestId(storage.read, thread.no)).toBe(gone + 1);
    }
  });
});
