import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, START_MS } from '../storage/testing.ts';
import { ALL, newMessage, openChat, type TestChat, wanted } from './testing.ts';

const refusal = (status: number, target?: string) => ({ name: 'ApiError', status, ...(target === undefined ? {} : { target }) });

async function textsOf(chat: TestChat, reader: Parameters<TestChat['messages']['list']>[0], threadId: string): Promise<string[]> {
  const messages = await chat.messages.list(reader, threadId, ALL);
  return messages.filter(({ type }) => type === 'text').map(({ content }) => content.text ?? '(deleted)');
}

describe.each(BOTH_ENGINES)('messages on $name', (engine) => {
  it('R34: are stored, listed newest first, and announced to everybody in the thread', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    const sent = [];
    for (const text of ['one', 'zwei ü 🙂', 'three']) sent.push(await chat.messages.send(ann, threadId, newMessage(text)));
    expect(await textsOf(chat, bob, threadId)).toEqual(['three', 'zwei ü 🙂', 'one']);
    const announced = (await chat.facts()).filter(({ kind }) => kind === 'messageReceived');
    expect(announced).toMatchObject(sent.map((message) => ({ message, threadId, recipients: [ann.identity, bob.identity].sort() })));
    expect(sent[1]).toMatchObject({ sender: ann.identity, sequence: 4, version: sent[1]!.id });
  });

  it('keep their places rising when many are sent at once, and when the clock goes back', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const burst = await Promise.all(Array.from({ length: 20 }, (_, i) => chat.messages.send(ann, threadId, newMessage(`burst ${i}`))));
    await chat.clock.set(START_MS - 3_600_000);
    const late = await chat.messages.send(ann, threadId, newMessage('from the past'));
    const listed = (await chat.messages.list(ann, threadId, ALL)).reverse();
    for (const [i, message] of listed.entries()) {
      expect(message.sequence).toBe(i + 1);
      if (i > 0) expect(message.id).toBeGreaterThan(listed[i - 1]!.id);
    }
    expect(listed.at(-1)?.id).toBe(late.id);
    expect(new Set(burst.map(({ id }) => id)).size).toBe(20);
  });

  it('are paged by id, and since a time', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const sent = [];
    for (let i = 0; i < 5; i++) {
      await chat.clock.advanceTo(chat.clock.now() + 1_000);
      sent.push(await chat.messages.send(ann, threadId, newMessage(`${i}`)));
    }
    const ids = async (query: Partial<typeof ALL>) => (await chat.messages.list(ann, threadId, { ...ALL, ...query })).map(({ id }) => id);
    expect(await ids({ limit: 2 })).toEqual([sent[4]!.id, sent[3]!.id]);
    expect(await ids({ limit: 2, belowId: sent[3]!.id })).toEqual([sent[2]!.id, sent[1]!.id]);
    expect(await ids({ sinceMs: sent[3]!.id })).toEqual([sent[4]!.id, sent[3]!.id]);
    expect(await ids({ sinceMs: sent[4]!.id + 1 })).toEqual([]);
  });

  it('R45: are for participants alone, and the removed keep what came up to their removal', async () => {
    await using chat = await openChat(engine);
    const [ann, bob, eve] = [await chat.user(), await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    const before = await chat.messages.send(ann, threadId, newMessage('before'));
    await chat.participants.remove(ann, threadId, bob.identity);
    const after = await chat.messages.send(ann, threadId, newMessage('after'));
    expect(await textsOf(chat, bob, threadId)).toEqual(['before']);
    expect(await chat.messages.get(bob, { threadId, messageId: String(before.id) })).toMatchObject({ content: { text: 'before' } });
    await expect(chat.messages.get(bob, { threadId, messageId: String(after.id) })).rejects.toMatchObject(refusal(404));
    await expect(chat.messages.send(bob, threadId, newMessage('x'))).rejects.toMatchObject(refusal(403));
    for (const act of [
      () => chat.messages.send(eve, threadId, newMessage('x')),
      () => chat.messages.list(eve, threadId, ALL),
      () => chat.messages.get(eve, { threadId, messageId: String(before.id) }),
      () => chat.messages.type(eve, threadId, undefined),
    ]) {
      await expect(act()).rejects.toMatchObject(refusal(403, 'chatThreadId'));
    }
    expect(await textsOf(chat, ann, threadId)).toEqual(['after', 'before']);
  });

  it('show a new participant the history that was shared, and no more', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann);
    const old = await chat.messages.send(ann, threadId, newMessage('old'));
    await chat.clock.advanceTo(START_MS + 60_000);
    await chat.participants.add(ann, threadId, [wanted(bob.identity, { historyFromMs: START_MS + 30_000 })]);
    await chat.messages.send(ann, threadId, newMessage('new'));
    expect(await textsOf(chat, bob, threadId)).toEqual(['new']);
    await expect(chat.messages.get(bob, { threadId, messageId: String(old.id) })).rejects.toMatchObject(refusal(404));
  });

  it('R46: are edited and deleted by their sender alone, with rising versions also when the clock goes back', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    const sent = await chat.messages.send(ann, threadId, newMessage('first'));
    const place = { threadId, messageId: String(sent.id) };
    await expect(chat.messages.update(bob, place, { content: 'mine' })).rejects.toMatchObject(refusal(403));
    await expect(chat.messages.delete(bob, place)).rejects.toMatchObject(refusal(403));
    await chat.clock.set(START_MS - 60_000);
    await chat.messages.update(ann, place, { content: 'second' });
    const edited = await chat.messages.get(bob, place);
    expect(edited).toMatchObject({ id: sent.id, sequence: sent.sequence, content: { text: 'second' } });
    expect(edited.version).toBeGreaterThan(sent.version);
    await chat.messages.delete(ann, place);
    const deleted = await chat.messages.get(bob, place);
    expect(deleted).toMatchObject({ id: sent.id, content: {} });
    expect(deleted.version).toBeGreaterThan(edited.version);
    expect(deleted.deletedAtMs).toBeDefined();
    await expect(chat.messages.update(ann, place, { content: 'third' })).rejects.toMatchObject(refusal(404));
    await expect(chat.messages.delete(ann, place)).rejects.toMatchObject(refusal(404));
    expect((await chat.facts()).map(({ kind }) => kind)).toEqual(['threadCreated', 'messageReceived', 'messageEdited', 'messageDeleted']);
  });

  it('lose no edit when several come at once', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const sent = await chat.messages.send(ann, threadId, newMessage('text'));
    const place = { threadId, messageId: String(sent.id) };
    await Promise.all(Array.from({ length: 6 }, (_, i) => chat.messages.update(ann, place, { metadata: { [`key${i}`]: `${i}` } })));
    const { content } = await chat.messages.get(ann, place);
    expect(content.metadata).toEqual(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`key${i}`, `${i}`])));
    expect(content.text).toBe('text');
  });

  it('of the system belong to nobody', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const [system] = await chat.messages.list(ann, threadId, ALL);
    await expect(chat.messages.delete(ann, { threadId, messageId: String(system!.id) })).rejects.toMatchObject(refusal(403));
  });

  it.each(['0', '-1', '1.5', 'abc', '', '9'.repeat(16), '9007199254740993', '1e3', ' 1', '1'])(
    'are not found under the id %j',
    async (messageId) => {
      await using chat = await openChat(engine);
      const ann = await chat.user();
      const threadId = await chat.thread(ann);
      await expect(chat.messages.get(ann, { threadId, messageId })).rejects.toMatchObject(refusal(404, 'chatMessageId'));
      await expect(chat.messages.delete(ann, { threadId, messageId })).rejects.toMatchObject(refusal(404, 'chatMessageId'));
    },
  );

  it('are refused when they are empty, too long, or have too much metadata; the limit counts bytes', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    await expect(chat.messages.send(ann, threadId, newMessage(''))).rejects.toMatchObject(refusal(400, 'content'));
    await chat.messages.send(ann, threadId, newMessage('ü'.repeat(14_336)));
    await expect(chat.messages.send(ann, threadId, newMessage('ü'.repeat(14_337)))).rejects.toMatchObject(refusal(400, 'content'));
    const metadata = { key: 'x'.repeat(1_022) };
    await expect(chat.messages.send(ann, threadId, { ...newMessage('x'), metadata })).rejects.toMatchObject(refusal(400, 'metadata'));
    expect(await textsOf(chat, ann, threadId)).toHaveLength(1);
  });

  it('of html are stored without what could do harm, also when they are edited', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const sent = await chat.messages.send(ann, threadId, newMessage('<b>bold</b><script>alert(1)</script>', 'html'));
    expect(sent.content.text).toBe('<b>bold</b>');
    const place = { threadId, messageId: String(sent.id) };
    await chat.messages.update(ann, place, { content: '<i onclick="alert(1)">i</i>' });
    expect((await chat.messages.get(ann, place)).content.text).toBe('<i>i</i>');
    const text = await chat.messages.send(ann, threadId, newMessage('<script>just text</script>'));
    expect(text.content.text).toBe('<script>just text</script>');
  });

  it('R122: are not readable in the store, and open in their own place alone', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    const sent = await chat.messages.send(ann, threadId, newMessage('a very private word'));
    const thread = await chat.threads.get(ann, threadId);
    const elsewhere = { ...thread, id: 'another thread' };
    await expect(chat.context.messages.find(chat.storage.read, elsewhere, sent.id)).rejects.toThrow();
  });

  it('R36: that are being typed are told and not stored', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    await chat.facts();
    await chat.messages.type(ann, threadId, 'Ann');
    expect((await chat.facts()).at(-1)).toMatchObject({ kind: 'typing', sender: { userId: ann.identity, displayName: 'Ann' } });
    expect(await textsOf(chat, ann, threadId)).toEqual([]);
  });
});

describe.each([
  { scope: 'chat', manageThreads: true, manageParticipants: true, takePart: true },
  { scope: 'chat.join', manageThreads: false, manageParticipants: true, takePart: true },
  { scope: 'chat.join.limited', manageThreads: false, manageParticipants: false, takePart: true },
  { scope: 'voip', manageThreads: false, manageParticipants: false, takePart: false },
])('R12, R17: a token with the scope $scope', ({ scope, manageThreads, manageParticipants, takePart }) => {
  it('may do what the permission matrix says', async () => {
    await using chat = await openChat(BOTH_ENGINES[0]!);
    const [owner, user, third] = [await chat.user(), await chat.user(undefined, [scope]), await chat.user()];
    const threadId = await chat.thread(owner, [user]);
    const outcome = (act: Promise<unknown>) =>
      act.then(
        () => true,
        (error: unknown) => (error as { explanation: { rule: string } }).explanation.rule !== 'token.scope',
      );
    expect(await outcome(chat.messages.send(user, threadId, newMessage('x')))).toBe(takePart);
    expect(await outcome(chat.messages.list(user, threadId, ALL))).toBe(takePart);
    expect(await outcome(chat.participants.list(user, threadId))).toBe(takePart);
    expect(await outcome(chat.participants.add(user, threadId, [wanted(third.identity)]))).toBe(manageParticipants);
    expect(await outcome(chat.participants.remove(user, threadId, third.identity))).toBe(manageParticipants);
    expect(await outcome(chat.threads.update(user, threadId, { topic: 'other' }))).toBe(manageThreads);
    expect(await outcome(chat.thread(user))).toBe(manageThreads);
    expect(await outcome(chat.threads.delete(user, threadId))).toBe(manageThreads);
  });
});
