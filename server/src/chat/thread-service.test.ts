import { describe, expect, it } from 'vitest';
import { identityStore } from '../identity/index.ts';
import { BOTH_ENGINES, START_MS } from '../storage/testing.ts';
import { ALL, newMessage, newThread, openChat, wanted } from './testing.ts';

const EVERY_THREAD = { beforeNo: Number.MAX_SAFE_INTEGER, sinceMs: 0, limit: 100 };
const refusal = (status: number, target?: string) => ({ name: 'ApiError', status, ...(target === undefined ? {} : { target }) });

describe.each(BOTH_ENGINES)('threads on $name', (engine) => {
  it('R30: are created with their participants; who cannot take part is told one by one', async () => {
    await using chat = await openChat(engine);
    const [ann, bob, foreign] = [await chat.user(), await chat.user(), await chat.user(chat.other)];
    const gone = `8:acs:${chat.local.id}_00000000-0000-4000-8000-000000000000`;
    const { thread, invalid } = await chat.threads.create(ann, {
      ...newThread(),
      topic: 'Grüße',
      participants: [wanted(bob.identity, { displayName: 'Bob' }), wanted(foreign.identity), wanted('4:+15551234567'), wanted(gone)],
    });
    expect(thread).toMatchObject({ createdBy: ann.identity, createdAtMs: START_MS, properties: { topic: 'Grüße' } });
    expect(thread.id).toMatch(/^19:[\w-]{32}@thread\.v2$/);
    expect(invalid).toMatchObject([
      { target: foreign.identity, code: '403' },
      { target: '4:+15551234567', code: '403' },
      { target: gone, code: '404' },
    ]);
    expect((await chat.threads.get(bob, thread.id)).present).toEqual([ann.identity, bob.identity].sort());
    expect(await chat.facts()).toMatchObject([{ kind: 'threadCreated', threadId: thread.id, recipients: [ann.identity, bob.identity] }]);
    const system = await chat.messages.list(ann, thread.id, ALL);
    expect(system.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['topicUpdated', 2],
      ['participantAdded', 1],
    ]);
  });

  it('are created once by a repeated request, also when it arrives twice at once', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const create = (fingerprint = 'f') => chat.threads.create(ann, { ...newThread(), repeatability: { requestId: 'r', fingerprint } });
    const [first, second] = await Promise.all([create(), create()]);
    expect(second).toEqual(first);
    expect(await create()).toEqual(first);
    await expect(create('other')).rejects.toMatchObject(refusal(400, 'repeatability-request-id'));
    expect(await chat.threads.list(ann, EVERY_THREAD)).toHaveLength(1);
    expect(await chat.facts()).toHaveLength(1);
  });

  it.each([
    [{ topic: '' }, 'topic'],
    [{ topic: '  \n' }, 'topic'],
    [{ topic: 'x'.repeat(251) }, 'topic'],
    [{ metadata: { key: 'x'.repeat(1_022) } }, 'metadata'],
  ])('are not created from %j', async (changes, target) => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    await expect(chat.threads.create(ann, { ...newThread(), ...changes })).rejects.toMatchObject(refusal(400, target));
    expect(await chat.threads.list(ann, EVERY_THREAD)).toEqual([]);
    expect(await chat.facts()).toEqual([]);
  });

  it('R32: hold 250 participants, and not one more by create or by add', async () => {
    await using chat = await openChat(engine, { limits: { preset: 'custom', values: { 'chat.participants-per-thread': 3 } } });
    const users = await Promise.all(Array.from({ length: 4 }, () => chat.user()));
    const [ann, ...others] = users;
    await expect(chat.thread(ann!, others)).rejects.toMatchObject(refusal(400, 'participants'));
    const threadId = await chat.thread(ann!, others.slice(0, 2));
    await expect(chat.participants.add(ann!, threadId, [wanted(others[2]!.identity)])).rejects.toMatchObject(refusal(400, 'participants'));
    await chat.participants.remove(ann!, threadId, others[0]!.identity);
    await chat.participants.add(ann!, threadId, [wanted(others[2]!.identity)]);
    expect(await chat.participants.list(ann!, threadId)).toHaveLength(3);
  });

  it('R32: are never overfilled by several who add at once', async () => {
    await using chat = await openChat(engine, { limits: { preset: 'custom', values: { 'chat.participants-per-thread': 4 } } });
    const users = await Promise.all(Array.from({ length: 7 }, () => chat.user()));
    const [ann, ...others] = users;
    const threadId = await chat.thread(ann!);
    const results = await Promise.allSettled(others.map(({ identity }) => chat.participants.add(ann!, threadId, [wanted(identity)])));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await chat.participants.list(ann!, threadId)).toHaveLength(4);
  });

  it('change topic and metadata; null takes away', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob], { metadata: { a: '1', b: '2' } });
    await chat.threads.update(bob, threadId, { topic: 'new', metadata: { a: null, c: '3' } });
    expect((await chat.threads.get(ann, threadId)).properties).toEqual({ topic: 'new', metadata: { b: '2', c: '3' } });
    await chat.threads.update(bob, threadId, { metadata: null });
    expect((await chat.threads.get(ann, threadId)).properties).toEqual({ topic: 'new' });
    const facts = await chat.facts();
    expect(facts.map(({ kind }) => kind)).toEqual(['threadCreated', 'threadUpdated', 'threadUpdated']);
    expect((await chat.messages.list(ann, threadId, ALL)).filter(({ type }) => type === 'topicUpdated')).toHaveLength(2);
    await expect(chat.threads.update(ann, threadId, { topic: '' })).rejects.toMatchObject(refusal(400, 'topic'));
  });

  it('lose no change when several come at once', async () => {
    await using chat = await openChat(engine);
    const ann = await chat.user();
    const threadId = await chat.thread(ann);
    await Promise.all(Array.from({ length: 6 }, (_, i) => chat.threads.update(ann, threadId, { metadata: { [`key${i}`]: `${i}` } })));
    const { properties } = await chat.threads.get(ann, threadId);
    expect(Object.keys(properties.metadata ?? {}).sort()).toEqual(Array.from({ length: 6 }, (_, i) => `key${i}`));
  });

  it('R44: are gone at once for everybody when they are deleted', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    await chat.threads.delete(ann, threadId);
    for (const act of [
      () => chat.threads.get(bob, threadId),
      () => chat.threads.delete(ann, threadId),
      () => chat.messages.list(bob, threadId, ALL),
      () => chat.messages.send(bob, threadId, newMessage('x')),
      () => chat.participants.add(ann, threadId, [wanted(bob.identity)]),
    ]) {
      await expect(act()).rejects.toMatchObject(refusal(404, 'chatThreadId'));
    }
    expect(await chat.threads.list(bob, EVERY_THREAD)).toEqual([]);
    expect((await chat.facts()).at(-1)).toMatchObject({ kind: 'threadDeleted', recipients: [ann.identity, bob.identity].sort() });
  });

  it('take no message that was on its way while they were deleted', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    const results = await Promise.allSettled([chat.threads.delete(ann, threadId), chat.messages.send(bob, threadId, newMessage('late'))]);
    expect(results[0].status).toBe('fulfilled');
    const kinds = (await chat.facts()).map(({ kind }) => kind);
    // Either it came first, or it was refused; never after the end.
    expect(kinds.at(-1)).toBe('threadDeleted');
    if (results[1].status === 'rejected') expect(results[1].reason).toMatchObject(refusal(404));
  });

  it('of another resource are unknown', async () => {
    await using chat = await openChat(engine);
    const [ann, stranger] = [await chat.user(), await chat.user(chat.other)];
    const threadId = await chat.thread(ann);
    for (const threadName of [threadId, '19:none@thread.v2', '']) {
      await expect(chat.threads.get(stranger, threadName)).rejects.toMatchObject(refusal(404));
      await expect(chat.messages.send(stranger, threadName, newMessage('x'))).rejects.toMatchObject(refusal(404));
    }
  });

  it('are listed newest first, in pages, and still for those who were removed', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const ids = [];
    for (let i = 0; i < 4; i++) ids.push(await chat.thread(ann, [bob], { topic: `topic ${i}` }));
    await chat.participants.remove(ann, ids[1]!, bob.identity);
    const first = await chat.threads.list(bob, { ...EVERY_THREAD, limit: 3 });
    expect(first.map(({ topic }) => topic)).toEqual(['topic 3', 'topic 2', 'topic 1']);
    const rest = await chat.threads.list(bob, { ...EVERY_THREAD, beforeNo: first.at(-1)!.no });
    expect(rest.map(({ id }) => id)).toEqual([ids[0]]);
    expect(await chat.threads.list(bob, { ...EVERY_THREAD, sinceMs: START_MS + 60_000 })).toEqual([]);
  });
});

describe.each(BOTH_ENGINES)('participants on $name', (engine) => {
  it('R31: are added and removed, each once, with a system message and an event', async () => {
    await using chat = await openChat(engine);
    const [ann, bob, eve] = [await chat.user(), await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann);
    expect(await chat.participants.add(ann, threadId, [wanted(bob.identity, { displayName: 'Bob' }), wanted('8:acs:nobody')])).toHaveLength(
      1,
    );
    expect(await chat.participants.add(ann, threadId, [wanted(bob.identity, { displayName: 'Robert' })])).toEqual([]);
    expect(await chat.participants.list(ann, threadId)).toMatchObject(
      [{ userId: ann.identity }, { userId: bob.identity, displayName: 'Bob' }].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
    );
    await chat.participants.remove(bob, threadId, bob.identity);
    await expect(chat.participants.remove(ann, threadId, bob.identity)).rejects.toMatchObject(refusal(404));
    await expect(chat.participants.remove(ann, threadId, eve.identity)).rejects.toMatchObject(refusal(404));
    await expect(chat.participants.add(bob, threadId, [wanted(eve.identity)])).rejects.toMatchObject(refusal(403));
    await expect(chat.participants.add(ann, threadId, [])).rejects.toMatchObject(refusal(400, 'participants'));
    const facts = await chat.facts();
    expect(facts.map(({ kind }) => kind)).toEqual(['threadCreated', 'participantsAdded', 'participantsRemoved']);
    expect(facts.at(-1)).toMatchObject({ recipients: [ann.identity, bob.identity].sort(), participants: [{ userId: bob.identity }] });
  });

  it('come back after they were removed', async () => {
    await using chat = await openChat(engine);
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadId = await chat.thread(ann, [bob]);
    await chat.participants.remove(ann, threadId, bob.identity);
    await chat.participants.add(ann, threadId, [wanted(bob.identity)]);
    await chat.messages.send(bob, threadId, newMessage('back'));
    expect((await chat.threads.get(ann, threadId)).present).toContain(bob.identity);
  });

  it('R21: leave every thread when their identity is deleted', async () => {
    await using chat = await openChat(engine);
    await chat.storage.due.runDue();
    const [ann, bob] = [await chat.user(), await chat.user()];
    const threadIds = [await chat.thread(ann, [bob]), await chat.thread(bob, [ann]), await chat.thread(ann)];
    await chat.identities.delete(chat.local, bob.identity);
    await chat.facts();
    await chat.storage.due.runDue();
    for (const threadId of threadIds) {
      expect((await chat.participants.list(ann, threadId)).map(({ userId }) => userId)).toEqual([ann.identity]);
      expect((await chat.threads.get(ann, threadId)).rows.has(bob.identity)).toBe(false);
    }
    expect((await chat.facts()).filter(({ kind }) => kind === 'participantsRemoved')).toHaveLength(2);
  });

  it('R21: keep a directory user whose identity was deleted in another resource alone', async () => {
    await using chat = await openChat(engine);
    await chat.storage.due.runDue();
    const person = '8:orgid:a-person';
    const row = { id: person, custom_id: null, created_at: START_MS, last_token_at: null, generation: 0 };
    for (const { id } of [chat.local, chat.other]) await chat.storage.write((tx) => identityStore.insert(tx, { ...row, resource_id: id }));
    const [here, there] = [await chat.user(), await chat.user(chat.other)];
    // The other resource's first, so that it would be come to first.
    const threadThere = await chat.thread(there, [], { participants: [wanted(person)] });
    const threadHere = await chat.thread(here, [], { participants: [wanted(person)] });
    await chat.identities.delete(chat.local, person);
    await chat.facts();
    await chat.storage.due.runDue();
    expect((await chat.threads.get(here, threadHere)).present).toEqual([here.identity]);
    expect((await chat.threads.get(there, threadThere)).present).toContain(person);
  });

  it('R7: are gone with threads and messages when their resource is deleted, and nobody else is', async () => {
    await using chat = await openChat(engine);
    await chat.storage.due.runDue();
    const [ann, stranger] = [await chat.user(), await chat.user(chat.other)];
    const threadId = await chat.thread(ann);
    const kept = await chat.thread(stranger);
    await chat.messages.send(ann, threadId, newMessage('x'));
    const { no } = await chat.threads.get(ann, threadId);
    await chat.resources.delete('local');
    await expect(chat.threads.get(ann, threadId)).rejects.toMatchObject(refusal(404));
    await chat.facts();
    await chat.storage.due.runDue();
    const { read } = chat.storage;
    expect(await chat.context.threads.someOfResource(read, chat.local.id, 10)).toEqual([]);
    expect(
      await chat.context.messages.page(read, { no, id: threadId }, { fromId: 0, belowId: Number.MAX_SAFE_INTEGER, limit: 10 }),
    ).toEqual([]);
    expect(await chat.context.participants.present(read, { no, id: threadId })).toEqual([]);
    expect((await chat.threads.get(stranger, kept)).id).toBe(kept);
  });
});
