import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoggedEvent } from '@switchboard/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FunctionsHost, startFunctions } from '../../lib/functions-host.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const APP = fileURLToPath(new URL('../../../examples/functions-sms-to-db', import.meta.url));
const SUBSCRIPTIONS = '/admin/events/subscriptions';

let server: TestServer;
let app: FunctionsHost;
let database: string;
beforeAll(async () => {
  server = await startServer();
  database = join(server.data, 'messages.db');
  app = await startFunctions(APP, { SMS_DATABASE: database });
  const body = { name: 'sms-to-db', includedEventTypes: ['Microsoft.Communication.SMSReceived'], endpointUrl: app.urlOf('smsReceived') };
  expect(await server.admin('POST', SUBSCRIPTIONS, body)).toMatchObject({ status: 201, body: { provisioningState: 'Succeeded' } });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await server.stop();
});

/** Lets an event happen. @returns the log of its delivery, once it was attempted */
async function trigger(data: object): Promise<LoggedEvent> {
  expect((await server.admin('POST', '/admin/events/trigger', { type: 'SMSReceived', data })).status).toBe(201);
  const { messageId } = data as { readonly messageId: string };
  const attempted = async (): Promise<LoggedEvent | undefined> => {
    const { body } = await server.admin<{ value: LoggedEvent[] }>(
      'GET',
      `/admin/events?match=${messageId}&subscription=sms-to-db&wait=20s`,
    );
    return body.value.find(({ deliveries }) => deliveries.some(({ attempts }) => attempts.length > 0));
  };
  for (;;) {
    const found = await attempted();
    if (found !== undefined) return found;
  }
}

function stored(): unknown[] {
  using db = new DatabaseSync(database, { readOnly: true });
  return db
    .prepare('SELECT id, text FROM messages ORDER BY id')
    .all()
    .map((row) => ({ ...row }));
}

it('R107: a stock Functions app with an Event Grid trigger gets the events of this server', async () => {
  const { deliveries } = await trigger({ messageId: 'first', message: 'Hello' });
  expect(deliveries).toMatchObject([{ state: 'delivered', attempts: [{ status: 202 }] }]);
  expect(stored()).toEqual([{ id: 'first', text: 'Hello' }]);
  expect(app.log()).toContain('stored: message first');
});

it('R109: a function that gets an event twice stores it once', async () => {
  await server.admin('POST', '/admin/faults/rules', { match: { subscription: 'sms-to-db' }, count: 1, delivery: { duplicate: true } });
  await trigger({ messageId: 'second', message: 'Hello again' });
  expect(stored()).toContainEqual({ id: 'second', text: 'Hello again' });
  expect(app.log()).toContain('known already: message second');
});

it('R105: a function that fails is called again later', async () => {
  // A message without text cannot be stored.
  const { deliveries } = await trigger({ messageId: 'third', message: null });
  expect(deliveries).toMatchObject([
    { state: 'waiting', attempts: [{ status: 500, detail: expect.stringContaining('SQLite') as string }] },
  ]);
});

it.each([
  ['SubscriptionValidation', 200],
  ['Notification', 202],
  ['Unsubscribe', 202],
  ['SubscriptionDeletion', 400],
])('the host of these tests answers %s as the Event Grid extension does, with %i', async (kind, status) => {
  const body = JSON.stringify([{ eventType: 'Sample', data: { validationCode: 'code' } }]);
  const answer = await fetch(app.urlOf('smsReceived'), { method: 'POST', headers: { 'aeg-event-type': kind }, body });
  expect(answer.status).toBe(status);
});

it('says which function is not there', async () => {
  const refused = await server.admin('POST', SUBSCRIPTIONS, { name: 'no-function', endpointUrl: app.urlOf('nothing') });
  expect(refused).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('404') as string } } });
});
