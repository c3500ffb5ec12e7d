import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ChatRest } from '../lib/chat-rest.ts';
import { newUser } from '../lib/chat-user.ts';
import { EventReceiver } from '../lib/event-receiver.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { between, randomMoment } from './lib/moments.ts';

/** Kills in a row; more in a long run. */
const KILLS = Number(process.env['EVENT_KILLS'] ?? 5);
const SENDERS = 4;
const TYPE = 'Microsoft.Communication.ChatMessageReceivedInThread';

describe('a server killed while it delivers events', () => {
  it('R105, R109: loses no event of an acknowledged message, and doubles few', async () => {
    using folder = new TemporaryFolder();
    await using receiver = await EventReceiver.open();
    // Some answers fail, so that there are retries to be lost.
    receiver.answer = (_, response) => {
      if (Math.random() < 0.1) response.writeHead(500);
    };
    let server = await startServer({ data: folder.path });
    try {
      const body = { name: 'hook', endpointUrl: receiver.url, includedEventTypes: [TYPE] };
      expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
      const user = await newUser(server);
      const thread = await new ChatRest(server.endpoint, user).createThread();
      const acknowledged = new Set<string>();
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const rest = new ChatRest(server.endpoint, user);
        const target = acknowledged.size + between(40, 120);
        const sending = Array.from({ length: SENDERS }, () => sendUntilBroken(rest, thread, acknowledged));
        await receiver.until(() => acknowledged.size >= target);
        await randomMoment();
        await server.kill();
        await Promise.all(sending);
        server = await startServer({ data: folder.path });
      }
      receiver.answer = () => undefined;
      await receiver.until(() => missing(receiver, acknowledged).length === 0);
      await drained(server);
      expect(acknowledged.size).toBeGreaterThan(KILLS * 40);
      expect(delivered(receiver).size).toBeGreaterThanOrEqual(acknowledged.size);
      // What was on its way at a kill comes again, and what was answered with 500.
      const doubled = receiver.events.length - new Set(receiver.events.map(({ id }) => id)).size;
      expect(doubled).toBeLessThan(receiver.events.length / 2);
    } finally {
      await server.stop();
    }
  });
});

async function sendUntilBroken(rest: ChatRest, thread: string, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    const text = randomUUID();
    try {
      await rest.send(thread, text);
    } catch {
      return;
    }
    acknowledged.add(text);
  }
}

function delivered(receiver: EventReceiver): Set<string> {
  return new Set(receiver.events.map(({ data }) => (data as { readonly messageBody: string }).messageBody));
}

function missing(receiver: EventReceiver, acknowledged: ReadonlySet<string>): string[] {
  const texts = delivered(receiver);
  return [...acknowledged].filter((text) => !texts.has(text));
}

/** Resolves when no event waits any more. */
async function drained(server: TestServer): Promise<void> {
  for (;;) {
    const { body } = await server.admin<{ value: { waiting: number }[] }>('GET', '/admin/events/subscriptions');
    if (body.value.every(({ waiting }) => waiting === 0)) return;
  }
}
