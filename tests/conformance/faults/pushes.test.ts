import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRule } from '@switchboard/contract';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUsers } from '../../lib/chat-user.ts';
import { setFaults, strikesOf } from '../../lib/faults.ts';
import { connectLive, type LiveClient } from '../../lib/live-client.ts';
import { connectPolling } from '../../lib/polling-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const MESSAGE = 200;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Scene extends Disposable {
  readonly alice: ChatRest;
  readonly bob: ChatUser;
  readonly threadId: string;
  /** Live connection of Bob. */
  readonly live: LiveClient;
  /** Sends as Alice. */
  say(...texts: readonly string[]): Promise<void>;
  /** What Bob was pushed until now: packets of one connection keep their order. */
  heard(): Promise<unknown[]>;
}

async function newScene(): Promise<Scene> {
  const [alice, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
  const rest = new ChatRest(server.endpoint, alice);
  const threadId = await rest.createThread([bob]);
  const live = await connectLive(server.endpoint, bob);
  return {
    alice: rest,
    bob,
    threadId,
    live,
    say: async (...texts) => {
      for (const text of texts) await rest.send(threadId, text);
    },
    heard: async () => {
      await live.emit('ping');
      return live.texts();
    },
    [Symbol.dispose]: () => live[Symbol.dispose](),
  };
}

function setLive(scene: Scene, live: FaultRule['live'], more: Omit<FaultRule, 'live'> = {}): Promise<void> {
  return setFaults(server, {
    name: 'fault',
    ...more,
    match: { user: scene.bob.id, ...more.match },
    ...(live === undefined ? {} : { live }),
  });
}

afterEach(() => setFaults(server));

describe('a push under a rule', () => {
  it('R34: comes twice', async () => {
    using scene = await newScene();
    await setLive(scene, { duplicatePush: true }, { every: 2 });
    await scene.say('one', 'two', 'three');
    expect(await scene.heard()).toEqual(['one', 'two', 'two', 'three']);
    expect(new Set(scene.live.pushes.all.map(({ id }) => id)).size).toBe(4);
  });

  it('R34: is lost, but the message is listed', async () => {
    using scene = await newScene();
    await setLive(scene, { losePush: true }, { skip: 1, count: 1 });
    await scene.say('one', 'two', 'three');
    expect(await scene.heard()).toEqual(['one', 'three']);
    const listed = (await new ChatRest(server.endpoint, scene.bob).messages(scene.threadId)).map(({ content }) => content?.message);
    expect(listed).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  });

  it('comes late, and others overtake it', async () => {
    using scene = await newScene();
    await setLive(scene, { latePush: { delayMs: 2_000 } }, { count: 1 });
    await scene.say('one', 'two');
    await scene.live.pushes.take(({ event }) => event['messageBody'] === 'one');
    expect(await scene.heard()).toEqual(['two', 'one']);
  });

  it('is overtaken by the next one', async () => {
    using scene = await newScene();
    await setLive(scene, { reorder: true }, { count: 1 });
    await scene.say('one', 'two', 'three');
    expect(await scene.heard()).toEqual(['two', 'one', 'three']);
  });

  it('is overtaken in pairs as long as the rule strikes', async () => {
    using scene = await newScene();
    await setLive(scene, { reorder: true });
    await scene.say('one', 'two', 'three', 'four');
    expect(await scene.heard()).toEqual(['two', 'one', 'four', 'three']);
  });

  it('comes all the same when there is none to overtake it', async () => {
    using scene = await newScene();
    await setLive(scene, { reorder: true });
    await scene.say('one');
    await scene.live.event(MESSAGE, scene.threadId);
  });

  it('is of the event, the thread and the user that the rule names', async () => {
    using scene = await newScene();
    const otherId = await scene.alice.createThread([scene.bob]);
    await setLive(scene, { losePush: true }, { match: { event: 'chatMessageReceived', thread: scene.threadId } });
    await scene.say('lost');
    await scene.alice.send(otherId, 'of another thread');
    const messageId = await scene.alice.send(scene.threadId, 'lost too');
    await scene.alice.call('DELETE', `/chat/threads/${encodeURIComponent(scene.threadId)}/messages/${messageId}`);
    await scene.live.event(248, scene.threadId);
    expect(await scene.heard()).toEqual(['of another thread']);

    await setFaults(server, { match: { user: scene.alice.user.id }, live: { losePush: true } });
    await scene.say('to Bob');
    expect(await scene.heard()).toEqual(['of another thread', 'to Bob']);
  });

  it('counts only where somebody listens', async () => {
    using scene = await newScene();
    await setFaults(server, { name: 'fault', live: { duplicatePush: true } });
    await scene.say('one');
    expect(await strikesOf(server)).toEqual({ fault: 1 });
  });
});

describe('a live connection under a rule', () => {
  it('is cut at once, and the connections of others are not', async () => {
    using scene = await newScene();
    using other = await connectLive(server.endpoint, scene.alice.user);
    await setLive(scene, { dropSocket: 'now' });
    expect((await scene.live.closed).code).toBe(1006);
    await other.emit('ping');
    expect(await strikesOf(server)).toEqual({ fault: 1 });
    // The rule was about the connections of that moment.
    using again = await connectLive(server.endpoint, scene.bob);
    await scene.say('one');
    await again.event(MESSAGE, scene.threadId);
  });

  it('is cut in the place of a push', async () => {
    using scene = await newScene();
    await setLive(scene, { dropSocket: 'onPush' }, { skip: 1 });
    await scene.say('one', 'two');
    expect((await scene.live.closed).code).toBe(1006);
    expect(scene.live.texts()).toEqual(['one']);
  });

  it.each(['now', 'onPush'] as const)('stays open and is dead: %s', async (when) => {
    using scene = await newScene();
    await setLive(scene, { halfOpen: when }, { count: 1 });
    if (when === 'onPush') await scene.say('one');
    expect(await strikesOf(server)).toEqual({ fault: 1 });
    using other = await connectLive(server.endpoint, scene.bob);
    const unanswered = scene.live.packets.all.length;
    scene.live.socket.send('5:1+::{"name":"ping"}');
    await scene.say('two');
    await other.event(MESSAGE, scene.threadId);
    await other.emit('ping');
    expect(scene.live.texts()).toEqual([]);
    expect(scene.live.packets.all.length).toBe(unanswered);
    expect(scene.live.socket.readyState).toBe(scene.live.socket.OPEN);
  });

  it('over long polling leaves the polls without answers', async () => {
    using scene = await newScene();
    const polling = await connectPolling(server.endpoint, scene.bob);
    await setLive(scene, { halfOpen: 'now' });
    expect(await strikesOf(server)).toEqual({ fault: 2 });
    using other = await connectLive(server.endpoint, scene.bob);
    const patience = new AbortController();
    const polled = polling.poll({ signal: patience.signal });
    await scene.say('one');
    await other.event(MESSAGE, scene.threadId);
    expect(await Promise.race([polled, other.emit('ping')])).toContain('pong');
    patience.abort();
    await expect(polled).rejects.toThrow('aborted');
  });

  it('does not keep the server from stopping', async () => {
    await using own = await startServer();
    const [bob] = (await newUsers(own, 1)) as [ChatUser];
    using live = await connectLive(own.endpoint, bob);
    const polling = await connectPolling(own.endpoint, bob);
    const polled = polling.poll();
    await setFaults(own, { live: { halfOpen: 'now' } });
    expect(await own.stop()).toBe(0);
    expect((await live.closed).code).toBe(1006);
    expect((await polled).packets).toEqual(['0::']);
  });
});
