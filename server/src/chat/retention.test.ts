import type { VerifiedToken } from '../http/index.ts';
import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, START_MS, type TestEngine } from '../storage/testing.ts';
import { resourceRetentionStore } from './store/resource-retention-store.ts';
import { ALL, newMessage, openChat, type TestChatOptions } from './testing.ts';

const DAY_MS = 86_400_000;

/** A user with a thread, and what is left of its messages as the clock goes on. */
async function setUp(engine: TestEngine, options: TestChatOptions = {}) {
  const chat = await openChat(engine, options);
  await chat.storage.due.runDue();
  const ann = await chat.user();
  const threadId = await chat.thread(ann);
  await chat.messages.send(ann, threadId, newMessage('hello'));
  const { no } = await chat.threads.get(ann, threadId);
  const settle = async () => {
    await chat.facts();
    await chat.storage.due.runDue();
  };
  return {
    chat,
    ann,
    threadId,
    settle,
    /** Lets the clock reach this many days after the start, with everything that is due by then. */
    reach: async (days: number, plusMs = 0) => {
      await settle();
      await chat.clock.advanceTo(START_MS + days * DAY_MS + plusMs);
      await settle();
    },
    shown: async (reader: VerifiedToken = ann) => (await chat.messages.list(reader, threadId, ALL)).length,
    stored: async () => {
      const range = { fromId: 0, belowId: Number.MAX_SAFE_INTEGER, limit: 10_000 };
      return (await chat.context.messages.page(chat.storage.read, { no, id: threadId }, range)).length;
    },
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  };
}

/** Two system messages and one of a user. */
const EVERYTHING = 3;

describe.each(BOTH_ENGINES)('message retention on $name', (engine) => {
  it('R41 R148: is 30 days, to the millisecond for readers and to the second in the store', async () => {
    await using opened = await setUp(engine);
    const { reach, shown, stored } = opened;
    await reach(30, -1);
    expect([await shown(), await stored()]).toEqual([EVERYTHING, EVERYTHING]);
    await reach(30, 1_000);
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('R42: of a resource that is made shorter ends messages that are there already', async () => {
    await using opened = await setUp(engine);
    const { chat, reach, settle, shown, stored } = opened;
    await reach(10);
    await chat.resources.update('local', { messageDays: 7 });
    expect(await shown()).toBe(0);
    await settle();
    expect(await stored()).toBe(0);
  });

  it('R42: of a resource that is made longer keeps them for as long', async () => {
    await using opened = await setUp(engine);
    const { chat, reach, shown, stored } = opened;
    await chat.resources.update('local', { messageDays: 400 });
    await reach(400, -1);
    expect([await shown(), await stored()]).toEqual([EVERYTHING, EVERYTHING]);
    await reach(400, 1_000);
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('R40 R42: that is switched off keeps everything, and that is switched on again ends what is old by then', async () => {
    await using opened = await setUp(engine);
    const { chat, ann, threadId, reach, settle, shown, stored } = opened;
    await chat.resources.update('local', { messageDays: Infinity });
    await reach(3_650);
    expect([await shown(), await stored()]).toEqual([EVERYTHING, EVERYTHING]);
    await chat.messages.send(ann, threadId, newMessage('young'));
    await chat.resources.update('local', { messageDays: null });
    await settle();
    expect([await shown(), await stored()]).toEqual([1, 1]);
    await reach(3_680, 1_000);
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('R42: comes with the limits of a resource', async () => {
    await using opened = await setUp(engine);
    const { chat, reach, shown, stored } = opened;
    await chat.resources.update('local', { limits: { preset: 'custom', values: { 'chat.message-retention-days': 3 } } });
    await reach(3, 1_000);
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it.each([
    ['shorter', 5],
    ['longer', 90],
  ])('R42: of a thread can be %s than that of its resource', async (_which, days) => {
    await using opened = await setUp(engine);
    const { chat, threadId, reach, shown, stored } = opened;
    expect(await chat.threads.keepMessages(chat.local.id, threadId, days)).toEqual({ days, setBy: 'thread' });
    await reach(days, -1);
    expect([await shown(), await stored()]).toEqual([EVERYTHING, EVERYTHING]);
    await reach(days, 1_000);
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('R42: of a thread can be none, and be taken back', async () => {
    await using opened = await setUp(engine);
    const { chat, threadId, reach, settle, shown, stored } = opened;
    await chat.threads.keepMessages(chat.local.id, threadId, Infinity);
    await reach(1_000);
    expect([await shown(), await stored()]).toEqual([EVERYTHING, EVERYTHING]);
    expect(await chat.threads.keepMessages(chat.local.id, threadId, undefined)).toEqual({ days: 30, setBy: 'limits' });
    await settle();
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('R40 R42: gives way to the policy of a thread, which keeps messages for as long as the thread lives', async () => {
    await using opened = await setUp(engine);
    const { chat, ann, threadId, reach, settle, shown, stored } = opened;
    await chat.threads.update(ann, threadId, { retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 90 } });
    await reach(80);
    expect(await shown()).toBe(EVERYTHING);
    await chat.threads.update(ann, threadId, { retentionPolicy: { kind: 'none' } });
    await reach(3_650);
    expect([await shown(), await stored()]).toEqual([EVERYTHING, EVERYTHING]);
    await chat.threads.update(ann, threadId, { retentionPolicy: null });
    await settle();
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('R42: of a resource does not touch the threads that have one of their own, nor other resources', async () => {
    await using opened = await setUp(engine);
    const { chat, ann, threadId, reach, shown } = opened;
    const stranger = await chat.user(chat.other);
    const elsewhere = await chat.thread(stranger);
    await chat.threads.keepMessages(chat.local.id, threadId, 20);
    const plain = await chat.thread(ann);
    await chat.resources.update('local', { messageDays: 2 });
    await reach(10);
    expect(await shown()).toBe(EVERYTHING);
    expect(await chat.messages.list(ann, plain, ALL)).toEqual([]);
    expect(await chat.messages.list(stranger, elsewhere, ALL)).toHaveLength(2);
  });

  it('R42: takes all threads of a resource along, in as many steps as it takes', async () => {
    await using opened = await setUp(engine, { threadsAtOnce: 3 });
    const { chat, ann, reach } = opened;
    await chat.storage.write(async (tx) => {
      for (let i = 0; i < 7; i++) {
        const wish = {
          id: `thread ${i}`,
          resourceId: chat.local.id,
          createdBy: ann.identity,
          createdAtMs: START_MS,
          properties: { topic: 't' },
        };
        const thread = await chat.context.threads.insert(tx, wish);
        await chat.context.append(tx, thread, { type: 'topicUpdated', content: {} });
      }
    });
    await chat.resources.update('local', { messageDays: 1 });
    await reach(1, 1_000);
    const { read } = chat.storage;
    const threads = await chat.context.threads.ofResourceAfter(read, chat.local.id, { afterNo: 0, limit: 1_000 });
    expect(threads).toHaveLength(8);
    for (const thread of threads) expect(await chat.context.messages.oldestId(read, thread.no)).toBeUndefined();
  });

  it('R41: clears a thread in steady use of everything, soon after its end', async () => {
    await using opened = await setUp(engine);
    const { chat, ann, threadId, reach, shown, stored } = opened;
    for (let i = 1; i <= 60; i++) {
      await chat.clock.advanceTo(START_MS + i * 20_000);
      await chat.messages.send(ann, threadId, newMessage(`${i}`));
    }
    await reach(30, 60 * 20_000 + 600_000);
    expect([await shown(), await stored()]).toEqual([0, 0]);
  });

  it('is noticed as another one when the server starts under other limits', async () => {
    await using opened = await setUp(engine);
    const { chat, reach, settle, stored } = opened;
    await chat.sweep.followAll();
    await settle();
    // What an earlier run noted, and the work that an earlier run left.
    const { no } = (await chat.context.threads.find(chat.storage.read, opened.threadId))!;
    await chat.storage.write(async (tx) => {
      await resourceRetentionStore.put(tx, chat.local.id, Infinity);
      await chat.storage.due.cancel(tx, `chat/message-retention/${no}`);
      await chat.context.threads.setArmed(tx, no, false);
    });
    await chat.sweep.followAll();
    await reach(30, 1_000);
    expect(await stored()).toBe(0);
  });

  it('of a thread that is not there is a 404', async () => {
    await using opened = await setUp(engine);
    const { chat, threadId } = opened;
    for (const [resourceId, id] of [
      [chat.other.id, threadId],
      [chat.local.id, 'none'],
    ] as const)
      await expect(chat.threads.keepMessages(resourceId, id, 5)).rejects.toMatchObject({ status: 404, target: 'chatThreadId' });
  });
});
