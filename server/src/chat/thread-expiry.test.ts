import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, START_MS } from '../storage/testing.ts';
import { openChat, type TestChat } from './testing.ts';

const DAY_MS = 86_400_000;
const after = (days: number) => ({ kind: 'threadCreationDate', deleteThreadAfterDays: days }) as const;

async function setUp(engine: (typeof BOTH_ENGINES)[number]) {
  const chat = await openChat(engine);
  await chat.storage.due.runDue();
  const [ann, bob] = [await chat.user(), await chat.user()];
  return { chat, ann, bob, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };
}

/** Lets the clock reach this many days after the start, with everything that is due by then. */
async function reach(chat: TestChat, days: number, plusMs = 0): Promise<void> {
  await chat.facts();
  await chat.clock.advanceTo(START_MS + days * DAY_MS + plusMs);
  await chat.storage.due.runDue();
}

describe.each(BOTH_ENGINES)('the retention policy of a thread on $name', (engine) => {
  it('R42: deletes it so many days after its creation, and says why', async () => {
    await using opened = await setUp(engine);
    const { chat, ann, bob } = opened;
    const threadId = await chat.thread(ann, [bob], { retentionPolicy: after(60) });
    await reach(chat, 60, -1);
    expect((await chat.threads.get(bob, threadId)).properties.retentionPolicy).toEqual(after(60));
    await reach(chat, 60);
    await expect(chat.threads.get(bob, threadId)).rejects.toMatchObject({ status: 404 });
    expect((await chat.facts()).at(-1)).toMatchObject({
      kind: 'threadDeleted',
      reason: 'deletedByPolicy',
      threadId,
      recipients: [ann.identity, bob.identity].sort(),
      atMs: START_MS + 60 * DAY_MS,
    });
  });

  it('R43: leaves its rows to an administrator for 30 days', async () => {
    await using opened = await setUp(engine);
    const { chat, ann } = opened;
    const threadId = await chat.thread(ann, [], { retentionPolicy: after(30) });
    const { no } = await chat.threads.get(ann, threadId);
    await reach(chat, 60, -1);
    expect(await chat.context.threads.someOfResource(chat.storage.read, chat.local.id, 10)).toEqual([no]);
    await reach(chat, 60);
    expect(await chat.context.threads.someOfResource(chat.storage.read, chat.local.id, 10)).toEqual([]);
  });

  it.each([
    ['a longer one', after(90), 90],
    ['a shorter one', after(30), 30],
  ])('R42: gives way to %s', async (_which, policy, days) => {
    await using opened = await setUp(engine);
    const { chat, ann } = opened;
    const threadId = await chat.thread(ann, [], { retentionPolicy: after(60) });
    await chat.threads.update(ann, threadId, { retentionPolicy: policy });
    await reach(chat, days, -1);
    expect((await chat.threads.get(ann, threadId)).id).toBe(threadId);
    await reach(chat, days);
    await expect(chat.threads.get(ann, threadId)).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['no policy', null],
    ['the policy none', { kind: 'none' } as const],
  ])('R40 R42: ends with %s', async (_which, policy) => {
    await using opened = await setUp(engine);
    const { chat, ann } = opened;
    const threadId = await chat.thread(ann, [], { retentionPolicy: after(30) });
    await chat.threads.update(ann, threadId, { retentionPolicy: policy });
    await reach(chat, 3_650);
    expect((await chat.threads.get(ann, threadId)).properties.retentionPolicy).toEqual(policy ?? undefined);
  });

  it('R42: that comes late to an old thread deletes it at once', async () => {
    await using opened = await setUp(engine);
    const { chat, ann } = opened;
    const threadId = await chat.thread(ann);
    await reach(chat, 45);
    await chat.threads.update(ann, threadId, { retentionPolicy: after(40) });
    await reach(chat, 45);
    await expect(chat.threads.get(ann, threadId)).rejects.toMatchObject({ status: 404 });
  });

  it('has nothing to do for a thread that somebody deleted before', async () => {
    await using opened = await setUp(engine);
    const { chat, ann } = opened;
    const threadId = await chat.thread(ann, [], { retentionPolicy: after(60) });
    await chat.threads.delete(ann, threadId);
    await reach(chat, 200);
    expect((await chat.facts()).map(({ kind }) => kind)).toEqual(['threadCreated', 'threadDeleted']);
  });
});
