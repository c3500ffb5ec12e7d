import { expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { freshToken, newUser, type ChatUser } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { storedMessages } from '../../lib/stored-messages.ts';

const DAY_MS = 86_400_000;

/** A message on a server whose clock stands still, and what can be seen of it at later times. */
class OldMessage {
  readonly #server: TestServer;
  readonly #user: ChatUser;
  readonly #threadId: string;
  readonly #sentMs: number;

  private constructor(server: TestServer, user: ChatUser, message: { readonly threadId: string; readonly sentMs: number }) {
    this.#server = server;
    this.#user = user;
    this.#threadId = message.threadId;
    this.#sentMs = message.sentMs;
  }

  static async send(server: TestServer): Promise<OldMessage> {
    const user = await newUser(server);
    const chat = new ChatRest(server.endpoint, user);
    const threadId = await chat.createThread();
    return new OldMessage(server, user, { threadId, sentMs: Number(await chat.send(threadId, 'kept for a while')) });
  }

  async advanceToAge(ageMs: number): Promise<void> {
    const to = new Date(this.#sentMs + ageMs).toISOString();
    expect((await this.#server.admin('POST', '/admin/clock:advance', { to })).status).toBe(200);
  }

  /** Texts that the thread shows. The token of the start has long expired. */
  async shown(): Promise<(string | undefined)[]> {
    const chat = new ChatRest(this.#server.endpoint, await freshToken(this.#server, this.#user));
    const messages = await chat.messages(this.#threadId);
    return messages.filter((message) => message.type === 'text').map((message) => message.content?.message);
  }

  async statusOfGet(): Promise<number> {
    const chat = new ChatRest(this.#server.endpoint, await freshToken(this.#server, this.#user));
    return (await chat.call('GET', `/chat/threads/${encodeURIComponent(this.#threadId)}/messages/${this.#sentMs}`)).status;
  }

  async send(text: string): Promise<void> {
    const chat = new ChatRest(this.#server.endpoint, await freshToken(this.#server, this.#user));
    await chat.send(this.#threadId, text);
  }

  stored(): number {
    return storedMessages(this.#server, String(this.#sentMs));
  }
}

it('R148, R41: a message is kept for 30 days less a moment, and not for ever', async () => {
  await using server = await startServer({ args: ['--clock', 'virtual'] });
  const message = await OldMessage.send(server);
  await message.advanceToAge(30 * DAY_MS - 1_000);
  expect(await message.shown()).toEqual(['kept for a while']);
  expect(await message.statusOfGet()).toBe(200);
  await message.send('younger');
  await message.advanceToAge(30 * DAY_MS);
  expect(await message.shown()).toEqual(['younger']);
  expect(await message.statusOfGet()).toBe(404);
  await message.advanceToAge(30 * DAY_MS + 120_000);
  expect(message.stored()).toBe(0);
  expect(await message.shown()).toEqual(['younger']);
  await message.advanceToAge(61 * DAY_MS);
  expect(await message.shown()).toEqual([]);
});

it('R148, R40: under azure nothing is removed without a policy', async () => {
  await using server = await startServer({ args: ['--clock', 'virtual', '--limits', 'azure'] });
  const message = await OldMessage.send(server);
  await message.advanceToAge(3_650 * DAY_MS);
  expect(await message.shown()).toEqual(['kept for a while']);
  expect(message.stored()).toBe(1);
});

it('R40: an idle thread is still there after years', async () => {
  await using server = await startServer({ args: ['--clock', 'virtual'] });
  const message = await OldMessage.send(server);
  await message.advanceToAge(1_000 * DAY_MS);
  await message.send('and goes on');
  expect(await message.shown()).toEqual(['and goes on']);
});
