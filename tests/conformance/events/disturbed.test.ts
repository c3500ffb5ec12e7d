import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const TYPE = 'Microsoft.Communication.ChatMessageReceivedInThread';
const RULES = '/admin/faults/rules';

let server: TestServer;
let rest: ChatRest;
let thread: string;
let receiver: EventReceiver;
beforeAll(async () => {
  server = await startServer({ args: ['--memory'] });
  rest = new ChatRest(server.endpoint, await newUser(server));
  thread = await rest.createThread();
  receiver = await EventReceiver.open();
  const body = { name: 'hook', endpointUrl: receiver.url, includedEventTypes: [TYPE] };
  expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
});
afterEach(async () => {
  await server.admin('DELETE', RULES);
  receiver.deliveries.length = 0;
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await server.stop();
});

const texts = (): unknown[] => receiver.events.map(({ data }) => (data as { messageBody: string }).messageBody);

it('R109: delivers twice on command', async () => {
  await server.admin('POST', RULES, { match: { eventType: 'chatmessagereceivedinthread' }, count: 1, delivery: { duplicate: true } });
  await rest.send(thread, 'one');
  await rest.send(thread, 'two');
  await receiver.until(() => receiver.events.length === 3);
  expect(texts().sort()).toEqual(['one', 'one', 'two']);
  const ids = receiver.events.filter(({ data }) => (data as { messageBody: string }).messageBody === 'one').map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
});

it('R109: delivers out of order on command', async () => {
  await server.admin('POST', RULES, { match: { subscription: 'HOOK' }, count: 1, delivery: { reorder: true } });
  await rest.send(thread, 'one');
  await rest.send(thread, 'two');
  await receiver.until(() => receiver.events.length === 2);
  expect(texts()).toEqual(['two', 'one']);
});

it('delivers late on command', async () => {
  await server.admin('POST', RULES, { match: {}, count: 1, delivery: { delayMs: 300 } });
  await rest.send(thread, 'late');
  await rest.send(thread, 'prompt');
  await receiver.until(() => receiver.events.length === 2);
  expect(texts()).toEqual(['prompt', 'late']);
});

it('fails for an endpoint on command, and does not ask it', async () => {
  await server.admin('POST', RULES, { name: 'gone', match: {}, count: 1, delivery: { status: 404 } });
  await rest.send(thread, 'refused');
  const { body } = await server.admin<{ value: { deliveries: unknown[] }[] }>('GET', '/admin/events?match=refused&state=waiting&wait=10s');
  const attempt = { outcome: 'NotFound', status: 404, detail: 'answered by the fault rule gone' };
  expect(body.value[0]?.deliveries).toMatchObject([{ attempts: [attempt] }]);
  expect(receiver.deliveries).toEqual([]);
});

it.each([
  [{ match: { operation: 'Health' }, delivery: { duplicate: true } }, 'match.operation'],
  [{ match: { user: '8:acs:x' }, delivery: { duplicate: true } }, 'match.user'],
  [{ match: { eventType: TYPE }, http: { status: 500 } }, 'match.eventType'],
  [{ match: {}, delivery: { duplicate: true, reorder: true } }, 'delivery.reorder'],
  [{ match: {}, delivery: {} }, 'delivery'],
  [{ match: {}, delivery: { duplicate: true }, live: { losePush: true } }, 'delivery'],
  [{ match: {}, delivery: { status: 200 } }, 'delivery.status'],
  [{ match: { resource: 'nowhere' }, delivery: { duplicate: true } }, 'match.resource'],
])('refuses %j by naming the field', async (rule, target) => {
  expect(await server.admin('POST', RULES, rule)).toMatchObject({ status: 400, body: { error: { target } } });
});
