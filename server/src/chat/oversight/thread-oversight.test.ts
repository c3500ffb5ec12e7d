import { describe, expect, it } from 'vitest';
import type { Resource } from '../../resources/index.ts';
import { BOTH_ENGINES, START_MS } from '../../storage/testing.ts';
import { ALL, newMessage, openChat, type TestChat } from '../testing.ts';
import { purgeAtMs } from './thread-oversight.ts';

const DAY_MS = 86_400_000;
const FIRST_PAGE = { beforeNo: Number.MAX_SAFE_INTEGER, limit: 100 };
const refusal = (status: number) => ({ name: 'ApiError', status });

type Filter = Partial<Parameters<TestChat['oversight']['list']>[1]>;

async function listed(chat: TestChat, filter: Filter = {}, resource: Resource = chat.local): Promise<string[]> {
  const threads = await chat.oversight.list(resource, { state: 'all', userId: undefined, ...FIRST_PAGE, ...filter });
  return threads.map(({ id }) => id);
}

/** Thirty days later everything that was to go by then has gone. */
async function passThirtyDays(chat: TestChat): Promise<void> {
  await chat.clock.advanceTo(chat.clock.now() + 31 * DAY_MS);
  await chat.storage.due.runDue();
}

describe.each(BOTH_ENGINES)('an administrator on $name', (engine) => {
  it('R43: lists threads by state and by user, newest first, with those who take part', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const [first, second, third] = [await chat.thread(ann), await chat.thread(ann, [bob]), await chat.thread(bob, [ann])] as const;
    await chat.threads.delete(ann, first);
    await chat.participants.remove(bob, third, ann.identity);
    await chat.thread(await chat.user(chat.other));
    expect(await listed(chat)).toEqual([third, second, first]);
    expect(await listed(chat, { state: 'live' })).toEqual([third, second]);
    expect(await listed(chat, { state: 'deleted' })).toEqual([first]);
    expect(await listed(chat, { userId: ann.identity })).toEqual([third, second, first]);
    expect(await listed(chat, { userId: ann.identity, state: 'deleted' })).toEqual([first]);
    expect(await listed(chat, { userId: bob.identity, state: 'live' })).toEqual([third, second]);
    expect(await listed(chat, { userId: 'nobody' })).toEqual([]);
    const threads = await chat.oversight.list(chat.local, { state: 'all', userId: undefined, ...FIRST_PAGE });
    expect(threads.map(({ participants }) => participants)).toEqual([1, 2, 1]);
    expect(threads[2]).toMatchObject({ deletedAtMs: START_MS, deletedReason: 'deletedByUser', resourceId: chat.local.id });
    expect(purgeAtMs(threads[2]!)).toBe(START_MS + 30 * DAY_MS);
    expect(purgeAtMs(threads[0]!)).toBeUndefined();
  });

  it('pages threads by number, also where the last of a page is gone', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await chat.thread(ann));
    const [, second] = await chat.oversight.list(chat.local, { state: 'all', userId: undefined, ...FIRST_PAGE, limit: 2 });
    expect(second?.id).toBe(ids[1]);
    await chat.threads.delete(ann, ids[1]!);
    await chat.oversight.purge(chat.local, ids[1]!);
    for (const userId of [undefined, ann.identity])
      expect(await listed(chat, { userId, beforeNo: second!.no, limit: 2 })).toEqual([ids[2], ids[3]]);
  });

  it('R43: sees a deleted thread with its messages, and purges it', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    await chat.messages.send(ann, threadId, newMessage('kept'));
    await expect(chat.oversight.purge(chat.local, threadId)).rejects.toMatchObject(refusal(409));
    await chat.threads.delete(ann, threadId);
    expect((await chat.oversight.get(chat.local, threadId)).participants.map(({ userId }) => userId)).toEqual([ann.identity]);
    expect((await chat.oversight.messages(chat.local, threadId, ALL))[0]).toMatchObject({ content: { text: 'kept' } });
    await expect(chat.oversight.get(chat.other, threadId)).rejects.toMatchObject(refusal(404));
    await expect(chat.oversight.purge(chat.other, threadId)).rejects.toMatchObject(refusal(404));
    await chat.oversight.purge(chat.local, threadId);
    await expect(chat.oversight.get(chat.local, threadId)).rejects.toMatchObject(refusal(404));
  });

  it('R41: sees no message past its retention', async () => {
    await using chat = await openChat(engine, { limits: { preset: 'custom', values: { 'chat.message-retention-days': 1 } } });
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    await chat.messages.send(ann, threadId, newMessage('short-lived'));
    // Set, not advanced: what falls due does not run.
    await chat.clock.set(START_MS + DAY_MS + 1_000);
    expect(await chat.oversight.messages(chat.local, threadId, ALL)).toEqual([]);
  });

  it('R43: purges by hand without a later purge of a thread that was given the number', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const purged = await chat.thread(ann);
    await chat.threads.delete(ann, purged);
    await chat.oversight.purge(chat.local, purged);
    const next = await chat.thread(ann);
    await passThirtyDays(chat);
    expect(await listed(chat)).toEqual([next]);
    await chat.threads.delete(ann, next);
    await passThirtyDays(chat);
    expect(await listed(chat)).toEqual([]);
  });

  it('R7: deletes a resource without a later purge of another’s thread that was given a number', async () => {
    await using chat = await openChat(engine);
    const eve = await chat.user(chat.other);
    await chat.threads.delete(eve, await chat.thread(eve));
    await chat.resources.delete('other');
    await chat.storage.due.runDue();
    const kept = await chat.thread(await chat.user());
    await passThirtyDays(chat);
    expect(await listed(chat)).toEqual([kept]);
  });
});
