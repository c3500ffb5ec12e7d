import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, START_MS } from '../storage/testing.ts';
import { newMessage, openChat, wanted } from './testing.ts';

const refusal = (status: number, target: string) => ({ name: 'ApiError', status, target });

describe.each(BOTH_ENGINES)('read receipts on $name', (engine) => {
  it('R37: are one for each user, the newest, and are announced to the others', async () => {
    await using chat = await openChat(engine);
    const [ann, bob, eve] = [await chat.user(), await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob, eve]);
    const [first, second] = [
      await chat.messages.send(ann, threadId, newMessage('1')),
      await chat.messages.send(ann, threadId, newMessage('2')),
    ];
    await chat.receipts.send(bob, threadId, String(first.id));
    await chat.receipts.send(eve, threadId, String(first.id));
    await chat.receipts.send(bob, threadId, String(second.id));
    const receipts = [
      { userId: bob.identity, messageId: second.id, readAtMs: START_MS },
      { userId: eve.identity, messageId: first.id, readAtMs: START_MS },
    ].sort((a, b) => (a.userId < b.userId ? -1 : 1));
    for (const reader of [ann, bob]) expect(await chat.receipts.list(reader, threadId)).toEqual(receipts);
    const told = (await chat.facts()).filter(({ kind }) => kind === 'messageRead');
    expect(told).toMatchObject([
      { reader: { userId: bob.identity }, messageId: first.id, recipients: [ann.identity, eve.identity].sort() },
      { reader: { userId: eve.identity }, messageId: first.id, recipients: [ann.identity, bob.identity].sort() },
      { reader: { userId: bob.identity }, messageId: second.id, recipients: [ann.identity, eve.identity].sort() },
    ]);
  });

  it('never go back: an older or the same message changes nothing and is told to nobody', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    const sent = [];
    for (let i = 0; i < 5; i++) sent.push((await chat.messages.send(ann, threadId, newMessage(`${i}`))).id);
    await Promise.all(sent.reverse().map((id) => chat.receipts.send(bob, threadId, String(id))));
    const newest = Math.max(...sent);
    await chat.receipts.send(bob, threadId, String(newest));
    expect(await chat.receipts.list(ann, threadId)).toMatchObject([{ messageId: newest }]);
    expect((await chat.facts()).filter(({ kind }) => kind === 'messageRead').at(-1)).toMatchObject({ messageId: newest });
  });

  it('are for messages that the reader can see', async () => {
    await using chat = await openChat(engine);
    const [ann, bob, stranger] = [await chat.user(), await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann);
    const hidden = await chat.messages.send(ann, threadId, newMessage('before'));
    await chat.participants.add(ann, threadId, [wanted(bob.identity, { historyFromMs: hidden.id + 1 })]);
    const elsewhere = await chat.messages.send(ann, await chat.thread(ann), newMessage('elsewhere'));
    for (const id of [String(hidden.id), String(elsewhere.id + 100), '0', 'x', '9'.repeat(40)])
      await expect(chat.receipts.send(bob, threadId, id)).rejects.toMatchObject(refusal(404, 'chatMessageId'));
    await expect(chat.receipts.send(stranger, threadId, String(hidden.id))).rejects.toMatchObject(refusal(403, 'chatThreadId'));
    await expect(chat.receipts.list(stranger, threadId)).rejects.toMatchObject(refusal(403, 'chatThreadId'));
    expect(await chat.receipts.list(ann, threadId)).toEqual([]);
  });

  it('R41: are not for messages past their retention', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const { id } = await chat.messages.send(ann, threadId, newMessage('old'));
    await chat.clock.advanceTo(START_MS + 31 * 86_400_000);
    await expect(chat.receipts.send(ann, threadId, String(id))).rejects.toMatchObject(refusal(404, 'chatMessageId'));
  });

  it('R21 R45: go with the participant, and do not come back with the same user', async () => {
    await using chat = await openChat(engine);
    await chat.storage.due.runDue();
    const [ann, bob, eve] = [await chat.user(), await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob, eve]);
    const { id } = await chat.messages.send(ann, threadId, newMessage('x'));
    for (const reader of [bob, eve]) await chat.receipts.send(reader, threadId, String(id));
    await chat.participants.remove(ann, threadId, bob.identity);
    await chat.participants.add(ann, threadId, [wanted(bob.identity)]);
    await chat.identities.delete(chat.local, eve.identity);
    await chat.facts();
    await chat.storage.due.runDue();
    expect(await chat.receipts.list(ann, threadId)).toEqual([]);
  });

  it('R7: go with the thread when its resource is deleted', async () => {
    await using chat = await openChat(engine);
    await chat.storage.due.runDue();
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const { id } = await chat.messages.send(ann, threadId, newMessage('x'));
    await chat.receipts.send(ann, threadId, String(id));
    const { no } = await chat.threads.get(ann, threadId);
    expect(await chat.context.receipts.ofThread(chat.storage.read, no)).toHaveLength(1);
    await chat.resources.delete('local');
    await chat.facts();
    await chat.storage.due.runDue();
    expect(await chat.context.receipts.ofThread(chat.storage.read, no)).toEqual([]);
  });
});
