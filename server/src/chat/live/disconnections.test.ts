import { describe, expect, it, vi } from 'vitest';
import type { UserKey } from '../../http/index.ts';
import { VirtualClock } from '../../lib/clock.ts';
import { ManualTimers, recordingLog } from '../../lib/testing.ts';
import { ENGINES, openStorage, START_MS } from '../../storage/testing.ts';
import { connectedUserStore } from '../store/connected-user-store.ts';
import { chatMigrations } from '../store/migrations.ts';
import { Disconnections } from './disconnections.ts';

const MINUTE_MS = 60_000;
const ANN: UserKey = { resourceId: 'resource', id: '8:acs:resource_ann' };
const BOB: UserKey = { resourceId: 'resource', id: '8:acs:resource_bob' };

describe.each(ENGINES)('disconnections on $name', (engine) => {
  async function setUp() {
    const database = await engine.open();
    const clock = new VirtualClock(START_MS);
    const timers = new ManualTimers();
    const storage = await openStorage({ engine: database.engine, clock, migrations: chatMigrations });
    const { log, lines } = recordingLog();
    const told: string[] = [];
    const scene = { here: new Map<string, UserKey>(), isWanted: true, fails: 0 };
    const tell = ({ make }: { readonly make: () => readonly { readonly subject: string }[] }): void => {
      if (scene.fails-- > 0) throw new Error('no room');
      told.push(...make().map(({ subject }) => subject));
    };
    const start = async (): Promise<Disconnections> => {
      const disconnections = new Disconnections({
        storage,
        clock,
        timers,
        log,
        events: {
          isWanted: () => scene.isWanted,
          publish: (_tx, publication) => tell(publication),
          publishAlone: (publication) => Promise.resolve().then(() => tell(publication)),
        },
        isConnected: ({ id }) => scene.here.has(id),
        connected: () => scene.here.values(),
      });
      await disconnections.begin();
      return disconnections;
    };
    const noted = async () => (await connectedUserStore.all(storage.read)).map(({ id }) => id).sort();
    const first = await start();
    return {
      first,
      scene,
      told,
      lines,
      noted,
      advance: (byMs: number) => clock.advanceTo(clock.now() + byMs),
      come: (at: Disconnections, user: UserKey) => {
        scene.here.set(user.id, user);
        at.cameBack(user);
      },
      leave: (at: Disconnections, user: UserKey) => {
        scene.here.delete(user.id);
        at.left(user);
      },
      /** Lets the time for noting come. */
      note: async (...ids: readonly UserKey[]) => {
        timers.advance(5_000);
        await vi.waitFor(async () => expect(await noted()).toEqual(ids.map(({ id }) => id).sort()));
      },
      /** Another process on the same rows, to which nobody has connected yet. */
      restart: async (end: 'stopped' | 'killed') => {
        if (end === 'stopped') await first.close();
        scene.here.clear();
        return start();
      },
      [Symbol.asyncDispose]: async () => {
        await storage.due.close();
        await database[Symbol.asyncDispose]();
      },
    };
  }

  it('are told a minute after the last connection ended', async () => {
    await using scene = await setUp();
    const { first, told } = scene;
    scene.come(first, ANN);
    scene.leave(first, ANN);
    await scene.advance(MINUTE_MS - 1);
    expect(told).toEqual([]);
    await scene.advance(1);
    expect(told).toEqual([`user/${ANN.id}`]);
    await scene.advance(10 * MINUTE_MS);
    expect(told).toHaveLength(1);
  });

  it('are not told of who comes back in time, and count anew from the next end', async () => {
    await using scene = await setUp();
    const { first, told } = scene;
    scene.come(first, ANN);
    scene.leave(first, ANN);
    await scene.advance(MINUTE_MS - 1);
    scene.come(first, ANN);
    await scene.advance(MINUTE_MS);
    scene.leave(first, ANN);
    await scene.advance(MINUTE_MS - 1);
    expect(told).toEqual([]);
    await scene.advance(1);
    expect(told).toEqual([`user/${ANN.id}`]);
  });

  it('are told after a restart of who does not return, and of nobody else', async () => {
    await using scene = await setUp();
    scene.come(scene.first, ANN);
    scene.come(scene.first, BOB);
    await scene.note(ANN, BOB);
    const second = await scene.restart('killed');
    scene.come(second, BOB);
    await scene.advance(MINUTE_MS);
    expect(scene.told).toEqual([`user/${ANN.id}`]);
    expect(await scene.noted()).toEqual([BOB.id]);
  });

  it('know at a stop who has just come, and who has just gone', async () => {
    await using scene = await setUp();
    scene.come(scene.first, ANN);
    scene.come(scene.first, BOB);
    scene.leave(scene.first, BOB);
    const second = await scene.restart('stopped');
    scene.come(second, ANN);
    await scene.advance(MINUTE_MS);
    expect(scene.told).toEqual([`user/${BOB.id}`]);
  });

  it('say nothing of connections that end with the server', async () => {
    await using scene = await setUp();
    scene.come(scene.first, ANN);
    await scene.first.close();
    scene.leave(scene.first, ANN);
    await scene.advance(MINUTE_MS);
    expect(scene.told).toEqual([]);
  });

  it('store nothing where nobody wants to be told, and tell all the same', async () => {
    await using scene = await setUp();
    scene.scene.isWanted = false;
    scene.come(scene.first, ANN);
    await scene.note();
    scene.leave(scene.first, ANN);
    await scene.advance(MINUTE_MS);
    expect(scene.told).toEqual([`user/${ANN.id}`]);
    // Who asks later gets to know of those who were here before.
    scene.come(scene.first, BOB);
    await scene.note();
    scene.scene.isWanted = true;
    await scene.note(BOB);
  });

  it('are told later when they could not be stored', async () => {
    await using scene = await setUp();
    scene.come(scene.first, ANN);
    await scene.note(ANN);
    scene.scene.fails = 1;
    scene.leave(scene.first, ANN);
    await scene.advance(MINUTE_MS);
    expect([scene.told, await scene.noted()]).toEqual([[], [ANN.id]]);
    expect(scene.lines.join()).toContain('tried again');
    await scene.advance(MINUTE_MS);
    expect([scene.told, await scene.noted()]).toEqual([[`user/${ANN.id}`], []]);
  });

  it('forget everybody when what is stored is replaced', async () => {
    await using scene = await setUp();
    scene.come(scene.first, ANN);
    scene.leave(scene.first, ANN);
    await scene.first.begin();
    await scene.advance(MINUTE_MS);
    expect(scene.told).toEqual([]);
  });
});
