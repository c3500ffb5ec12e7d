import { expect, it } from 'vitest';
import { BOTH_ENGINES, openStorage } from '../../storage/testing.ts';
import { eventMigrations } from '../migrations.ts';
import type { SystemTopic } from './topic.ts';
import { TopicShelf } from './topic-shelf.ts';

const topic = (name: string, more: Partial<SystemTopic> = {}): SystemTopic => ({
  id: `id-${name}`,
  name,
  createdAtMs: 5,
  sourceId: 'source',
  ...more,
});

it.each(BOTH_ENGINES)('$name: topics are kept with all that they say, each kind apart', async (engine) => {
  await using database = await engine.open();
  const storage = await openStorage({ engine: database.engine, migrations: eventMigrations });
  const shelf = await TopicShelf.open<SystemTopic>(storage, 'system');
  await shelf.change(() => topic('b'));
  await shelf.change(() => topic('a', { tags: { x: 'y' } }));
  await shelf.change(() => ({ ...topic('b'), tags: { changed: 'yes' } }));
  const expected = [topic('a', { tags: { x: 'y' } }), topic('b', { tags: { changed: 'yes' } })];
  expect(shelf.list()).toEqual(expected);
  expect((await TopicShelf.open<SystemTopic>(storage, 'system')).list()).toEqual(expected);
  expect((await TopicShelf.open<SystemTopic>(storage, 'custom')).list()).toEqual([]);
});

it.each(BOTH_ENGINES)('$name: a topic goes with what belongs to it, or stays with it', async (engine) => {
  await using database = await engine.open();
  const storage = await openStorage({ engine: database.engine, migrations: eventMigrations });
  const shelf = await TopicShelf.open<SystemTopic>(storage, 'system');
  const kept = await shelf.change(() => topic('kept'));
  await expect(shelf.remove(kept, () => Promise.reject(new Error('cannot')))).rejects.toThrow('cannot');
  expect(shelf.find('KEPT')).toEqual(kept);
  expect((await TopicShelf.open<SystemTopic>(storage, 'system')).list()).toEqual([kept]);
  await shelf.remove(kept, () => Promise.resolve());
  expect([shelf.find('kept'), shelf.byId(kept.id), shelf.size]).toEqual([undefined, undefined, 0]);
  expect((await TopicShelf.open<SystemTopic>(storage, 'system')).list()).toEqual([]);
});

it('a change that cannot be leaves what there was, and the next one waits for it', async () => {
  const [engine] = BOTH_ENGINES;
  await using database = await engine!.open();
  const storage = await openStorage({ engine: database.engine, migrations: eventMigrations });
  const shelf = await TopicShelf.open<SystemTopic>(storage, 'system');
  const refused = shelf.change(() => {
    throw new Error('refused');
  });
  const made = shelf.change(() => topic(`after-${shelf.size}`));
  await expect(refused).rejects.toThrow('refused');
  expect((await made).name).toBe('after-0');
});
