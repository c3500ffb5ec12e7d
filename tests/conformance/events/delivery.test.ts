import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { newUser } from '../../lib/chat-user.ts';
import { ChatRest } from '../../lib/chat-rest.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--clock', 'virtual'] });
});
afterAll(() => server.stop());

/** A message in a new thread. @returns the thread */
async function sendOne(): Promise<string> {
  const rest = new ChatRest(server.endpoint, await newUser(server));
  const thread = await rest.createThread();
  await rest.send(thread, 'Hello');
  return thread;
}

interface EventList {
  readonly value: readonly {
    readonly event: { readonly id: string };
    readonly deliveries: readonly {
      readonly state: string;
      readonly attemptCount: number;
      readonly attempts: readonly { readonly at: string }[];
    }[];
  }[];
}

it('R103: a message in a thread reaches a subscribed webhook as an event', async () => {
  await using receiver = await EventReceiver.open();
  const subscribed = await server.admin('POST', '/admin/events/subscriptions', {
    name: 'first-hook',
    endpointUrl: receiver.url,
    includedEventTypes: ['microsoft.communication.chatmessagereceivedinthread'],
  });
  expect(subscribed).toMatchObject({ status: 201, body: { name: 'first-hook', provisioningState: 'Succeeded' } });
  expect(receiver.handshakes).toHaveLength(1);
  const thread = await sendOne();
  await receiver.until(() => receiver.events.length > 0);
  expect(receiver.deliveries[0]?.headers).toMatchObject({ 'aeg-event-type': 'Notification', 'aeg-subscription-name': 'FIRST-HOOK' });
  expect(receiver.events[0]).toMatchObject({
    eventType: 'Microsoft.Communication.ChatMessageReceivedInThread',
    data: { messageBody: 'Hello', threadId: thread },
  });
  expect((await server.admin('DELETE', '/admin/events/subscriptions/first-hook')).status).toBe(204);
});

it('R105: an endpoint that fails is tried again on the published back-off', async () => {
  await using receiver = await EventReceiver.open();
  receiver.answer = (_, response) => void response.writeHead(500);
  await server.admin('POST', '/admin/events/subscriptions', {
    name: 'failing',
    endpointUrl: receiver.url,
    includedEventTypes: ['Microsoft.Communication.ChatMessageReceivedInThread'],
  });
  await sendOne();
  await receiver.until(() => receiver.deliveries.length === 1);
  await server.admin('POST', '/admin/clock:advance', { by: 'PT9S' });
  expect(receiver.deliveries).toHaveLength(1);
  await server.admin('POST', '/admin/clock:advance', { by: 'PT2S' });
  expect(receiver.deliveries).toHaveLength(2);
  await server.admin('POST', '/admin/clock:advance', { by: 'P1D' });
  const { body } = await server.admin<EventList>('GET', '/admin/events?subscription=failing');
  expect(body.value[0]?.deliveries[0]).toMatchObject({ state: 'dropped' });
  // The last step of twelve hours ends just before the day does, or after it: each wait is lengthened by chance.
  expect([10, 11]).toContain(receiver.deliveries.length);
});
