import { describe, expect, it, vi } from 'vitest';
import { EgressPolicy, HttpClient } from '../../egress/index.ts';
import { VirtualClock } from '../../lib/clock.ts';
import { RandomIds } from '../../lib/ids.ts';
import { SystemRandom } from '../../lib/random.ts';
import { ManualTimers, recordingLog } from '../../lib/testing.ts';
import { realTimers } from '../../lib/timers.ts';
import { Limits } from '../../limits/index.ts';
import { afterHooks, ENGINES, openStorage, START_MS } from '../../storage/testing.ts';
import { eventMigrations } from '../migrations.ts';
import type { EventSource } from '../sources.ts';
import { wantedOf } from './subscription.ts';
import { SubscriptionService } from './subscription-service.ts';
import { agrees, openEndpoint, refuses, saysNothing } from './testing.ts';

const SOURCE: EventSource = { id: 'source-1', name: 'local', topic: '/topics/local' };
const MINUTE_MS = 60_000;

const webhook = (endpointUrl: string) => ({ destination: { endpointType: 'WebHook', properties: { endpointUrl } } });

describe.each(ENGINES)('event subscriptions on $name', (engine) => {
  async function setUp() {
    const database = await engine.open();
    const endpoint = await openEndpoint();
    const clock = new VirtualClock(START_MS);
    const storage = await openStorage({ engine: database.engine, clock, migrations: eventMigrations });
    const sources = new Map([[SOURCE.id, SOURCE]]);
    const timers = new ManualTimers();
    const client = new HttpClient({ timers: realTimers, policy: new EgressPolicy('any') });
    const live = new Map<string, string>();
    const open = (): SubscriptionService =>
      new SubscriptionService({
        storage,
        clock,
        timers,
        endpoints: { checkEndpoint: () => undefined, checkDeadLetters: () => undefined },
        senders: { senderTo: () => client },
        random: new SystemRandom(),
        ids: new RandomIds(new SystemRandom()),
        limits: new Limits({ preset: 'custom', values: { 'events.subscriptions-per-source': 3 } }),
        log: recordingLog().log,
        timeoutMs: 30_000,
        selfUrl: () => Promise.resolve(new URL('http://self.example')),
        sources: { byId: (id) => sources.get(id), byName: () => undefined },
        onChanged: {
          loaded: (all) => {
            live.clear();
            for (const { name, destination } of all) live.set(name, destination.properties?.endpointUrl ?? '');
          },
          put: ({ name, destination }) => void live.set(name, destination.properties?.endpointUrl ?? ''),
          removed: ({ name }) => void live.delete(name),
        },
      });
    const service = open();
    await storage.due.runDue();
    return {
      service,
      storage,
      endpoint,
      clock,
      timers,
      sources,
      live,
      /** As after a restart: another service on the same rows. */
      restart: async () => {
        service.close();
        const next = open();
        await next.load();
        return next;
      },
      [Symbol.asyncDispose]: async () => {
        service.close();
        await storage.due.close();
        client.close();
        await endpoint[Symbol.asyncDispose]();
        await database[Symbol.asyncDispose]();
      },
    };
  }
  const settled = (service: SubscriptionService, state: string, name = 'one') =>
    vi.waitFor(() => expect(service.get(SOURCE.id, name).state).toBe(state));

  it('begun, is Creating until its endpoint has answered, and delivers only then', async () => {
    await using scene = await setUp();
    const { service, endpoint, live } = scene;
    const answer = Promise.withResolvers<void>();
    endpoint.answer = (response, code) => void answer.promise.then(() => agrees(response, code));
    expect(await service.begin(SOURCE, 'one', webhook(endpoint.url))).toMatchObject({ state: 'Creating', isLive: false });
    expect(live.has('one')).toBe(false);
    answer.resolve();
    await settled(service, 'Succeeded');
    expect(live.get('one')).toBe(endpoint.url);
  });

  it('is Failed, with the reason, when its endpoint refused twice', async () => {
    await using scene = await setUp();
    const { service, endpoint, timers, live } = scene;
    endpoint.answer = refuses;
    await service.begin(SOURCE, 'one', webhook(endpoint.url));
    await vi.waitFor(() => expect(timers.waiting).toBe(1));
    timers.advance(4_999);
    expect(endpoint.asked).toHaveLength(1);
    timers.advance(1);
    await settled(service, 'Failed');
    expect(endpoint.asked).toHaveLength(2);
    expect(service.get(SOURCE.id, 'one').reason).toContain('500');
    expect(live.size).toBe(0);
    endpoint.answer = agrees;
    await service.begin(SOURCE, 'one', webhook(endpoint.url));
    await settled(service, 'Succeeded');
    expect(service.get(SOURCE.id, 'one')).not.toHaveProperty('reason');
  });

  it('keeps what is live while an update waits, and when it is refused', async () => {
    await using scene = await setUp();
    const { service, endpoint, timers, live } = scene;
    await service.create(SOURCE, 'one', { ...webhook(`${endpoint.url}/old`), labels: ['a'] });
    endpoint.answer = refuses;
    const begun = await service.beginUpdate(SOURCE, 'one', webhook(`${endpoint.url}/new`));
    expect(begun).toMatchObject({ state: 'Updating', isLive: true, destination: webhook(`${endpoint.url}/old`).destination });
    expect(wantedOf(begun)).toMatchObject({ labels: ['a'], destination: webhook(`${endpoint.url}/new`).destination });
    await vi.waitFor(() => expect(timers.waiting).toBe(1));
    timers.advance(5_000);
    await settled(service, 'Failed');
    expect(live.get('one')).toBe(`${endpoint.url}/old`);
    endpoint.answer = agrees;
    await service.beginUpdate(SOURCE, 'one', webhook(`${endpoint.url}/new`));
    await settled(service, 'Succeeded');
    expect(live.get('one')).toBe(`${endpoint.url}/new`);
    expect(service.get(SOURCE.id, 'one')).toMatchObject({ labels: ['a'] });
  });

  it('does not ask for an update that leaves the destination alone', async () => {
    await using scene = await setUp();
    const { service, endpoint } = scene;
    await service.create(SOURCE, 'one', webhook(endpoint.url));
    const filter = { subjectBeginsWith: 'x' };
    expect(await service.beginUpdate(SOURCE, 'one', { filter, labels: null })).toMatchObject({ state: 'Succeeded', filter });
    expect(endpoint.asked).toHaveLength(1);
    expect(await service.beginUpdate(SOURCE, 'one', { retryPolicy: { maxDeliveryAttempts: 3 } })).toMatchObject({ filter });
  });

  it('takes only the answer to the newest change', async () => {
    await using scene = await setUp();
    const { service, endpoint, live } = scene;
    const first = Promise.withResolvers<void>();
    endpoint.answer = (response, code) => void first.promise.then(() => agrees(response, code));
    await service.begin(SOURCE, 'one', webhook(`${endpoint.url}/first`));
    await vi.waitFor(() => expect(endpoint.asked).toHaveLength(1));
    endpoint.answer = agrees;
    await service.begin(SOURCE, 'one', webhook(`${endpoint.url}/second`));
    await settled(service, 'Succeeded');
    first.resolve();
    await afterHooks();
    expect(live.get('one')).toBe(`${endpoint.url}/second`);
  });

  it('makes a handshake again that a restart cut short', async () => {
    await using scene = await setUp();
    const { service, endpoint, restart, live } = scene;
    endpoint.answer = () => undefined;
    await service.begin(SOURCE, 'one', webhook(endpoint.url));
    await vi.waitFor(() => expect(endpoint.asked).toHaveLength(1));
    endpoint.answer = agrees;
    const next = await restart();
    await settled(next, 'Succeeded');
    expect(live.get('one')).toBe(endpoint.url);
    next.close();
  });

  it('waits for its validation URL over a restart, for ten minutes, and takes it once', async () => {
    await using scene = await setUp();
    const { service, endpoint, clock, restart } = scene;
    endpoint.answer = saysNothing;
    await service.begin(SOURCE, 'one', webhook(endpoint.url));
    await service.begin(SOURCE, 'two', webhook(endpoint.url));
    await settled(service, 'AwaitingManualAction', 'one');
    await settled(service, 'AwaitingManualAction', 'two');
    const next = await restart();
    const { validationUrl } = endpoint.asked[0]!;
    const [id, token] = [validationUrl.searchParams.get('id')!, validationUrl.searchParams.get('token')!];
    await expect(next.confirm(id, `${token}x`)).rejects.toMatchObject({ status: 404 });
    await next.confirm(id, token);
    expect(next.byId(id)).toMatchObject({ state: 'Succeeded', isLive: true });
    await expect(next.confirm(id, token)).rejects.toMatchObject({ status: 404 });
    await clock.advanceTo(START_MS + 10 * MINUTE_MS);
    expect(
      next
        .list(SOURCE.id)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['Failed', 'Succeeded']);
    next.close();
  });

  it('stores nothing of a creation that was refused, and nothing twice of two at once', async () => {
    await using scene = await setUp();
    const { service, endpoint, timers } = scene;
    endpoint.answer = refuses;
    const refused = service.create(SOURCE, 'one', webhook(endpoint.url));
    await vi.waitFor(() => expect(timers.waiting).toBe(1));
    timers.advance(5_000);
    await expect(refused).rejects.toMatchObject({ status: 400 });
    expect(service.list()).toEqual([]);
    endpoint.answer = agrees;
    const both = await Promise.allSettled(['twin', 'TWIN'].map((name) => service.create(SOURCE, name, webhook(endpoint.url))));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(service.list()).toHaveLength(1);
  });

  it('is refused above the limit, also when many are made at once', async () => {
    await using scene = await setUp();
    const { service, endpoint } = scene;
    const made = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => service.create(SOURCE, `one-${i}`, webhook(endpoint.url))));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(service.begin(SOURCE, 'late', webhook(endpoint.url))).rejects.toMatchObject({ status: 400 });
    await service.begin(SOURCE, service.list()[0]!.name, webhook(endpoint.url));
    expect(service.list()).toHaveLength(3);
  });

  it('keeps the rate that its endpoint allows until that is asked again', async () => {
    await using scene = await setUp();
    const { service, endpoint } = scene;
    endpoint.answer = saysNothing;
    await service.create(SOURCE, 'one', webhook(endpoint.url));
    const { searchParams } = endpoint.asked[0]!.validationUrl;
    await service.confirm(searchParams.get('id')!, searchParams.get('token')!, 60);
    expect(await service.update(SOURCE, 'one', { labels: ['a'] })).toMatchObject({ labels: ['a'], ratePerMinute: 60 });
    expect(await service.beginUpdate(SOURCE, 'one', { labels: ['b'] })).toMatchObject({ labels: ['b'], ratePerMinute: 60 });
    endpoint.answer = agrees;
    expect(await service.update(SOURCE, 'one', webhook(endpoint.url))).not.toHaveProperty('ratePerMinute');
  });

  it('ends with its source, in its transaction or not at all', async () => {
    await using scene = await setUp();
    const { service, storage, endpoint, sources, live, restart } = scene;
    await service.create(SOURCE, 'one', webhook(endpoint.url));
    const failing = storage.write(async (tx) => {
      await service.removeAllOf(tx, SOURCE.id);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(live.size).toBe(1);
    await storage.write((tx) => service.removeAllOf(tx, SOURCE.id));
    sources.delete(SOURCE.id);
    await afterHooks();
    expect(live.size).toBe(0);
    await expect(service.begin(SOURCE, 'late', webhook(endpoint.url))).rejects.toMatchObject({ status: 404 });
    expect((await restart()).list()).toEqual([]);
  });

  it('expires by the clock', async () => {
    await using scene = await setUp();
    const { service, endpoint, clock, live } = scene;
    const expirationTimeUtc = new Date(START_MS + MINUTE_MS).toISOString();
    await service.create(SOURCE, 'one', { ...webhook(endpoint.url), expirationTimeUtc });
    await afterHooks();
    await clock.advanceTo(START_MS + MINUTE_MS - 1);
    expect(live.has('one')).toBe(true);
    await clock.advanceTo(START_MS + MINUTE_MS);
    expect(live.has('one')).toBe(false);
    expect(service.list()).toEqual([]);
  });

  it('that expired while no server ran is not live for a moment', async () => {
    await using scene = await setUp();
    const { service, storage, endpoint, clock, restart, live } = scene;
    const expirationTimeUtc = new Date(START_MS + MINUTE_MS).toISOString();
    await service.create(SOURCE, 'one', { ...webhook(endpoint.url), expirationTimeUtc });
    await storage.due.close();
    await clock.advanceTo(START_MS + MINUTE_MS);
    await restart();
    expect(live.size).toBe(0);
  });
});
