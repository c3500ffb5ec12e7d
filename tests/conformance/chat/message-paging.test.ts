import type { ChatMessage } from '@azure/communication-chat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal, type Page, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const SENT = 10;
const SYSTEM = 2;
const ALL = SENT + SYSTEM;

let server: TestServer;
let alice: ChatUser;
let rest: ChatRest;
let threadId: string;

/** Ten messages a minute apart, so that start times can tell them apart. */
beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
  alice = await newUser(server);
  rest = new ChatRest(server.endpoint, alice);
  threadId = await rest.createThread();
  for (let i = 0; i < SENT; i++) {
    await server.admin('POST', '/admin/clock:advance', { by: '1m' });
    await rest.send(threadId, `Message ${i}`);
  }
});

afterAll(() => server.stop());

describe.each(CHAT_SDKS)('history with chat SDK $version', (sdk) => {
  it.each([1, 2, 3, 4, 5, 6, 11, 12, 13, 200])(
    'R39: pages of %i are full, none is empty, and together they are the whole',
    async (maxPageSize) => {
      const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
      const whole: ChatMessage[] = [];
      for await (const message of thread.listMessages()) whole.push(message);
      const pages: ChatMessage[][] = [];
      for await (const page of thread.listMessages({ maxPageSize }).byPage()) pages.push(page);
      expect(whole.map(({ sequenceId }) => Number(sequenceId))).toEqual(Array.from({ length: ALL }, (_, i) => ALL - i));
      expect(pages.map((page) => page.length)).toEqual(
        Array.from({ length: Math.ceil(ALL / maxPageSize) }, (_, i) => Math.min(maxPageSize, ALL - i * maxPageSize)),
      );
      expect(pages.flat().map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    },
  );

  it('R39: a start time leaves out what is older, on every page', async () => {
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    const [, , , fourth] = await rest.messages(threadId);
    const startTime = new Date(Number(fourth!.id));
    const found: (string | undefined)[] = [];
    for await (const message of thread.listMessages({ startTime, maxPageSize: 3 })) found.push(message.content?.message);
    expect(found).toEqual(['Message 9', 'Message 8', 'Message 7', 'Message 6']);
  });
});

describe('history over REST', () => {
  it('R39: the next link is an absolute address that holds every parameter', async () => {
    const query = { maxPageSize: 3, startTime: '2020-01-01T00:00:00Z' };
    const { body } = await rest.call<Page<unknown>>('GET', `${threadPath(threadId)}/messages`, { query });
    const link = new URL(body.nextLink ?? '');
    expect(link.origin).toBe(new URL(server.endpoint).origin);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      maxPageSize: '3',
      startTime: query.startTime,
      'api-version': '2025-03-15',
    });
    // The same link with its thread id not encoded.
    const next = await rest.call<Page<unknown>>('GET', decodeURIComponent(link.pathname) + link.search);
    expect(next.body.value).toHaveLength(3);
  });

  it('R39: messages that come while a list is read move nothing', async () => {
    const own = await rest.createThread();
    for (let i = 0; i < 4; i++) await rest.send(own, `Old ${i}`);
    const first = await rest.call<Page<{ sequenceId: string }>>('GET', `${threadPath(own)}/messages`, { query: { maxPageSize: 3 } });
    await rest.send(own, 'New');
    const second = await rest.call<Page<{ sequenceId: string }>>('GET', first.body.nextLink ?? '');
    expect([...first.body.value, ...second.body.value].map(({ sequenceId }) => sequenceId)).toEqual(['6', '5', '4', '3', '2', '1']);
    expect(second.body).not.toHaveProperty('nextLink');
  });

  it('R39: a page holds at most 200, whatever is asked for', async () => {
    const own = await rest.createThread();
    await Promise.all(Array.from({ length: 205 }, (_, i) => rest.send(own, `Message ${i}`)));
    for (const query of [{}, { maxPageSize: 1_000 }]) {
      const pages = await rest.pages(`${threadPath(own)}/messages`, query);
      expect(pages.map((page) => page.length)).toEqual([200, 7]);
    }
  });

  it('R39: a start time in the future gives an empty list without a next link', async () => {
    const { body } = await rest.call('GET', `${threadPath(threadId)}/messages`, { query: { startTime: '2999-01-01T00:00:00Z' } });
    expect(body).toEqual({ value: [] });
  });

  it.each([
    ['maxPageSize', '0'],
    ['maxPageSize', 'x'],
    ['startTime', 'now'],
    ['syncState', 'x'],
    ['syncState', '-1'],
    ['syncState', '1e9'],
  ])('R39: %s=%s is a 400 that names it', async (target, value) => {
    const answer = await rest.call('GET', `${threadPath(threadId)}/messages`, { query: { [target]: value } });
    expectRefusal(answer, { status: 400, code: 'BadRequest', target });
  });
});
