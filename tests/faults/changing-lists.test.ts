import type { ChatMessage, ChatParticipant, ChatThreadItem } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { ChatRest, type Page, type RestAnswer, threadPath } from '../lib/chat-rest.ts';
import { type ChatUser, freshToken, newUser, newUsers } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { storedMessages } from '../lib/stored-messages.ts';
import { mapConcurrently } from '../load/concurrently.ts';

const PAGE_SIZES = [3, 7, 50];
const AT_ONCE = 20;

/** One list, read to its end in pages of at most this size. */
async function readAll<T>(read: (next: string | undefined) => Promise<RestAnswer<Page<T>>>, pageSize: number): Promise<T[]> {
  const all: T[] = [];
  for (let next: string | undefined, isFirst = true; isFirst || next !== undefined; isFirst = false) {
    const { status, body }: RestAnswer<Page<T>> = await read(next);
    expect(status).toBe(200);
    expect(body.value.length).toBeLessThanOrEqual(pageSize);
    all.push(...body.value);
    next = body.nextLink;
  }
  return all;
}

/** Reads a list again and again in pages of several sizes until a change of it is through, and once more. */
async function readWhile<T>(
  change: Promise<unknown>,
  read: (next: string | undefined, pageSize: number) => Promise<RestAnswer<Page<T>>>,
): Promise<{ during: T[][]; after: T[] }> {
  let isOver = false;
  const changing = change.finally(() => (isOver = true));
  const during: T[][] = [];
  const readers = PAGE_SIZES.map(async (pageSize) => {
    do during.push(await readAll((next) => read(next, pageSize), pageSize));
    while (!isOver);
  });
  await Promise.all([changing, ...readers]);
  return { during, after: await readAll((next) => read(next, 20), 20) };
}

function lister(rest: ChatRest, path: string) {
  return <T>(next: string | undefined, pageSize: number): Promise<RestAnswer<Page<T>>> =>
    rest.call('GET', next ?? path, next === undefined ? { query: { maxPageSize: pageSize } } : {});
}

function each<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  return mapConcurrently(items, { limit: AT_ONCE, map });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Half of them, from all parts. */
function everyOther<T>(items: readonly T[]): T[] {
  return items.filter((_, i) => i % 2 === 0);
}

describe('a list that changes while it is read', () => {
  it('R39 R46: messages that are deleted stay in their places, and nothing is missed or comes twice', async () => {
    await using server = await startServer();
    const rest = new ChatRest(server.ready.httpEndpoint, await newUser(server));
    const threadId = await rest.createThread();
    const sent = await each(numbers(200), (i) => rest.send(threadId, `m${i}`));
    const path = `${threadPath(threadId)}/messages`;
    const doomed = new Set(everyOther(sent));
    const deleting = each([...doomed], (id) => rest.call('DELETE', `${path}/${id}`));

    const { during, after } = await readWhile(deleting, lister(rest, path)<ChatMessage>);
    const expected = [...sent].sort((a, b) => Number(b) - Number(a));
    for (const messages of [...during, after]) {
      const texts = messages.filter(({ type }) => type === 'text');
      expect(texts.map(({ id }) => id)).toEqual(expected);
      expect(texts.filter(({ id, deletedOn }) => deletedOn !== undefined && !doomed.has(id))).toEqual([]);
      expect(texts.filter(({ content, deletedOn }) => (content === undefined) !== (deletedOn !== undefined))).toEqual([]);
    }
    expect(after.filter(({ deletedOn }) => deletedOn !== undefined)).toHaveLength(doomed.size);
  });

  it('R39 R44: threads that are deleted are left out, and of the others none is missed or comes twice', async () => {
    await using server = await startServer();
    const rest = new ChatRest(server.ready.httpEndpoint, await newUser(server));
    const ids = await each(numbers(120), () => rest.createThread());
    const doomed = everyOther(ids);
    const deleting = each(doomed, (id) => rest.call('DELETE', threadPath(id)));

    const { during, after } = await readWhile(deleting, lister(rest, '/chat/threads')<ChatThreadItem>);
    const kept = ids.filter((id) => !doomed.includes(id)).sort();
    for (const threads of [...during, after]) {
      const seen = threads.map(({ id }) => id);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((id) => !doomed.includes(id)).sort()).toEqual(kept);
    }
    expect(after.map(({ id }) => id).sort()).toEqual(kept);
  });

  it('R39 R31: participants who are removed are left out, and of the others none is missed or comes twice', async () => {
    await using server = await startServer();
    const [owner, ...others] = (await newUsers(server, 120)) as [ChatUser, ...ChatUser[]];
    const rest = new ChatRest(server.ready.httpEndpoint, owner);
    const threadId = await rest.createThread(others);
    const doomed = everyOther(others);
    const removing = each(doomed, (user) => rest.remove(threadId, user));

    const { during, after } = await readWhile(removing, lister(rest, `${threadPath(threadId)}/participants`)<ChatParticipant>);
    const doomedIds = doomed.map(({ id }) => id);
    const kept = [owner, ...others].map(({ id }) => id).filter((id) => !doomedIds.includes(id));
    for (const participants of [...during, after]) {
      const seen = participants.map(({ communicationIdentifier }) => communicationIdentifier.rawId);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((id) => !doomedIds.includes(id)).sort()).toEqual([...kept].sort());
    }
    expect(after).toHaveLength(kept.length);
  });

  it('R41: messages that are purged go from the end, and the younger ones are all there all the time', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const thread = await LongThread.begin(server);
    const old = await thread.send(1_200);
    await advance(server, 20);
    const young = await thread.send(300);
    await advance(server, 9);

    const { during, after } = await readWhile(advance(server, 2), (next, pageSize) => thread.page(next, pageSize));
    const expected = [...young].sort((a, b) => Number(b) - Number(a));
    for (const messages of [...during, after]) {
      const ids = messages.filter(({ type }) => type === 'text').map(({ id }) => id);
      expect(ids.slice(0, young.length)).toEqual(expected);
      const older = ids.slice(young.length);
      expect(older).toEqual([...old].sort((a, b) => Number(b) - Number(a)).slice(0, older.length));
    }
    expect(after).toHaveLength(young.length);
    expect(old.filter((id) => storedMessages(server, id) > 0)).toEqual([]);
  });

  it('R44: a thread that is deleted and purged under a reader is gone for it, page by page', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const thread = await LongThread.begin(server);
    await thread.send(40);
    const { body } = await thread.page(undefined, 10);
    await thread.delete();
    expect((await thread.page(body.nextLink, 10)).status).toBe(404);
    await advance(server, 31);
    expect((await thread.page(body.nextLink, 10)).status).toBe(404);
  });
});

async function advance(server: TestServer, days: number): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { by: `${days}d` })).status).toBe(200);
}

/** A thread that outlives the tokens of its one member. */
class LongThread {
  readonly #server: TestServer;
  readonly #user: ChatUser;
  readonly #threadId: string;
  #rest: ChatRest;

  private constructor(server: TestServer, user: ChatUser, threadId: string) {
    this.#server = server;
    this.#user = user;
    this.#threadId = threadId;
    this.#rest = new ChatRest(server.ready.httpEndpoint, user);
  }

  static async begin(server: TestServer): Promise<LongThread> {
    const user = await newUser(server);
    return new LongThread(server, user, await new ChatRest(server.ready.httpEndpoint, user).createThread());
  }

  async send(count: number): Promise<string[]> {
    await this.#renew();
    return each(numbers(count), (i) => this.#rest.send(this.#threadId, `m${i}`));
  }

  async page(next: string | undefined, pageSize: number): Promise<RestAnswer<Page<ChatMessage>>> {
    const list = lister(this.#rest, `${threadPath(this.#threadId)}/messages`);
    const answer = await list<ChatMessage>(next, pageSize);
    if (answer.status !== 401) return answer;
    await this.#renew();
    return this.page(next, pageSize);
  }

  async delete(): Promise<void> {
    expect((await this.#rest.call('DELETE', threadPath(this.#threadId))).status).toBe(204);
  }

  async #renew(): Promise<void> {
    this.#rest = new ChatRest(this.#server.ready.httpEndpoint, await freshToken(this.#server, this.#user));
  }
}
