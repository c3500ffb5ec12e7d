import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { RandomIds } from '../lib/ids.ts';
import { RepeatableRandom } from '../lib/testing.ts';
import { Limits, type LimitsOptions } from '../limits/index.ts';
import type { SqlEngine } from '../storage/index.ts';
import { BOTH_ENGINES, LASTING_ENGINES, openStorage, START_MS, type TestEngine } from '../storage/testing.ts';
import { ResourceService } from './resource-service.ts';
import { resourceMigrations } from './store.ts';

async function openResources(engine: SqlEngine, options: { readonly limits?: LimitsOptions; readonly seed?: string } = {}) {
  const random = new RepeatableRandom(options.seed);
  const storage = await openStorage({ engine, migrations: resourceMigrations, random });
  const limits = new Limits(options.limits ?? { preset: 'handbook' });
  const clock = new VirtualClock(START_MS);
  return ResourceService.open({ storage, clock, random, ids: new RandomIds(random), limits, sharedHosts: ['10.0.0.7', 'chat.example'] });
}

async function setUp(engine: TestEngine, options: { readonly limits?: LimitsOptions } = {}) {
  const database = await engine.open();
  const resources = await openResources(database.engine, options);
  return { resources, database, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const names = (resources: ResourceService) => [...resources.all()].map(({ name }) => name);

describe.each(BOTH_ENGINES)('resources on $name', (engine) => {
  it('R4, R6: are created with an id, two keys, tier and data location', async () => {
    await using store = await setUp(engine);
    const made = await store.resources.create({ name: 'My-App', dataLocation: 'unitedstates', tier: 'free' });
    expect(made).toMatchObject({ name: 'my-app', tier: 'Free', dataLocation: 'United States' });
    expect(made.id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Buffer.from(made.primaryKey, 'base64')).toHaveLength(64);
    expect(made.secondaryKey).not.toBe(made.primaryKey);
    expect(made.accessKeys.map(({ slot, version }) => [slot, version])).toEqual([
      ['primary', 1],
      ['secondary', 1],
    ]);
    expect(store.resources.byName('MY-APP')).toBe(made);
    expect(store.resources.byId(made.id)).toBe(made);
    expect(store.resources.count).toBe(1);
  });

  it.each([
    [{ name: '' }, 400, 'name'],
    [{ name: '-a' }, 400, 'name'],
    [{ name: 'a.b' }, 400, 'name'],
    [{ name: 'x'.repeat(64) }, 400, 'name'],
    [{ name: 'a', dataLocation: 'Atlantis' }, 400, 'dataLocation'],
    [{ name: 'a', tier: 'Gold' }, 400, 'tier'],
  ])('are not created from %j', async (wanted, status, target) => {
    await using store = await setUp(engine);
    await expect(store.resources.create(wanted)).rejects.toMatchObject({ status, target });
    expect(store.resources.count).toBe(0);
  });

  it('are created once under a name, also when two ask at the same time', async () => {
    await using store = await setUp(engine);
    const results = await Promise.allSettled([store.resources.create({ name: 'a' }), store.resources.create({ name: 'A' })]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(store.resources.create({ name: 'a' })).rejects.toMatchObject({ status: 409, code: 'Conflict' });
    expect(store.resources.count).toBe(1);
  });

  it('are as many as the limit says', async () => {
    await using store = await setUp(engine, { limits: { preset: 'custom', values: { 'resources.count': 1 } } });
    await store.resources.create({ name: 'a' });
    await expect(store.resources.create({ name: 'b' })).rejects.toMatchObject({
      status: 400,
      explanation: { rule: 'limit.resources.count' },
    });
  });

  it('R6: lose one key when it is regenerated, and only that', async () => {
    await using store = await setUp(engine);
    const changed: string[] = [];
    store.resources.onChanged((id) => void changed.push(id));
    const before = await store.resources.create({ name: 'a' });
    const after = await store.resources.regenerateKey('a', 'Primary');
    expect(after.primaryKey).not.toBe(before.primaryKey);
    expect(after.secondaryKey).toBe(before.secondaryKey);
    expect(after.accessKeys.map(({ version }) => version)).toEqual([2, 1]);
    expect((await store.resources.regenerateKey('a', 'secondary')).accessKeys.map(({ version }) => version)).toEqual([2, 2]);
    expect(changed).toEqual([before.id, before.id]);
    await expect(store.resources.regenerateKey('a', 'Third')).rejects.toMatchObject({ status: 400, target: 'keyType' });
    await expect(store.resources.regenerateKey('b', 'Primary')).rejects.toMatchObject({ status: 404 });
  });

  it('keep the key they are told, without a change when they have it', async () => {
    await using store = await setUp(engine);
    const key = Buffer.alloc(64, 1).toString('base64');
    const made = await store.resources.create({ name: 'a', primaryKey: key });
    expect(made.primaryKey).toBe(key);
    expect(await store.resources.setPrimaryKey('a', key)).toBe(made);
    const other = Buffer.alloc(64, 2).toString('base64');
    expect(await store.resources.setPrimaryKey('a', other)).toMatchObject({ primaryKey: other, secondaryKey: made.secondaryKey });
  });

  it('both keys count when they are regenerated at the same time', async () => {
    await using store = await setUp(engine);
    const before = await store.resources.create({ name: 'a' });
    await Promise.all([store.resources.regenerateKey('a', 'Primary'), store.resources.regenerateKey('a', 'Secondary')]);
    const after = store.resources.byName('a');
    expect(after.primaryKey).not.toBe(before.primaryKey);
    expect(after.secondaryKey).not.toBe(before.secondaryKey);
  });

  it('R7: are gone at once when they are deleted, with what features hold of them', async () => {
    await using store = await setUp(engine);
    const purged: string[] = [];
    store.resources.onPurge((_tx, id) => Promise.resolve(void purged.push(id)));
    const { id } = await store.resources.create({ name: 'a' });
    await store.resources.delete('a');
    expect(purged).toEqual([id]);
    expect(store.resources.byId(id)).toBeUndefined();
    expect(() => store.resources.byName('a')).toThrow(expect.objectContaining({ status: 404 }));
    expect(store.resources.byHost('a.localhost')).toBeUndefined();
    await expect(store.resources.delete('a')).rejects.toMatchObject({ status: 404 });
    expect((await store.resources.create({ name: 'a' })).id).not.toBe(id);
  });

  it('stay when what goes with them cannot be removed', async () => {
    await using store = await setUp(engine);
    store.resources.onPurge(() => Promise.reject(new Error('of a feature')));
    await store.resources.create({ name: 'a' });
    await expect(store.resources.delete('a')).rejects.toThrow('of a feature');
    expect(store.resources.byName('a').name).toBe('a');
  });

  it('are found by host: their own, or all of them on a shared one', async () => {
    await using store = await setUp(engine);
    const made = await store.resources.create({ name: 'a' });
    expect(store.resources.byHost('a.localhost')).toBe(made);
    expect(store.resources.byHost('a.communication.azure.com')).toBe(made);
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '10.0.0.7', 'chat.example'])
      expect(store.resources.byHost(host), host).toBe('shared');
    for (const host of ['b.localhost', 'a.evil.example', 'a.localhost.evil.example', 'x.a.localhost', 'evil.example', '']) {
      expect(store.resources.byHost(host), host).toBeUndefined();
    }
  });

  it('are tried in the order in which they were used last', async () => {
    await using store = await setUp(engine);
    const a = await store.resources.create({ name: 'a' });
    await store.resources.create({ name: 'b' });
    expect(names(store.resources)).toEqual(['b', 'a']);
    store.resources.used(a);
    expect(names(store.resources)).toEqual(['a', 'b']);
  });
});

describe.each(LASTING_ENGINES)('resources on $name', (engine) => {
  it('are found again by the next start, with keys, versions and limits of their own', async () => {
    await using store = await setUp(engine);
    await store.resources.create({ name: 'a', limits: { preset: 'azure' } });
    await store.resources.create({ name: 'b' });
    const before = await store.resources.regenerateKey('a', 'Primary');
    const again = (await openResources(store.database.openAnother(), { seed: 'later' })).byName('a');
    expect({ ...again, accessKeys: undefined, limits: again.limits.preset }).toEqual({ ...before, accessKeys: undefined, limits: 'azure' });
    expect(again.accessKeys.map(({ version }) => version)).toEqual([2, 1]);
  });
});
