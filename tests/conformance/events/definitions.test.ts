import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
let user: ChatUser;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--clock', 'virtual'] });
  user = await newUser(server);
});
afterAll(() => server.stop());

interface Refusal {
  readonly error: { readonly target: string; readonly message: string };
}

const IN_THREAD = 'Microsoft.Communication.ChatMessageReceivedInThread';
const subscribe = <T>(definition: object) => server.admin<T>('POST', '/admin/events/subscriptions', definition);
const advance = (by: string) => server.admin('POST', '/admin/clock:advance', { by });
const names = async (): Promise<string[]> =>
  (await server.admin<{ readonly value: readonly { readonly name: string }[] }>('GET', '/admin/events/subscriptions')).body.value.map(
    ({ name }) => name,
  );

/** Sends messages into a new thread. */
async function send(...texts: readonly string[]): Promise<void> {
  const rest = new ChatRest(server.endpoint, user);
  const thread = await rest.createThread();
  for (const text of texts) await rest.send(thread, text);
}

describe('a definition that Event Grid would not take', () => {
  const webhook = (properties: object) => ({
    destination: { endpointType: 'WebHook', properties: { endpointUrl: 'http://127.0.0.1:9/x', ...properties } },
  });
  const attributes = (...deliveryAttributeMappings: readonly object[]) => webhook({ deliveryAttributeMappings });
  const fixed = (name: string, value: unknown = 'v') => ({ type: 'Static', name, properties: { value } });
  const filters = (...advancedFilters: readonly object[]) => ({ ...webhook({}), filter: { advancedFilters } });
  const text = (values: unknown, key = 'subject') => ({ operatorType: 'StringIn', key, values });
  const of = (length: number) => Array.from({ length }, (_, i) => `v${i}`);

  it.each<[target: string, definition: object]>([
    ['destination', {}],
    ['destination.endpointType', { destination: { endpointType: 'EventHub', properties: { resourceId: '/x' } } }],
    ['destination.endpointType', { destination: { endpointType: 'ServiceBusQueue' } }],
    ['destination.endpointType', { destination: { endpointType: 'HybridConnection' } }],
    ['destination.endpointType', { destination: { endpointType: '__proto__' } }],
    ['destination.endpointType', { destination: { endpointType: 'Listener' } }],
    ['destination.properties.endpointUrl', webhook({ endpointUrl: 'ftp://example.com' })],
    ['destination.properties.endpointUrl', webhook({ endpointUrl: 'https://user:password@example.com' })],
    ['destination.properties.maxEventsPerBatch', webhook({ maxEventsPerBatch: 0 })],
    ['destination.properties.maxEventsPerBatch', webhook({ maxEventsPerBatch: 5_001 })],
    ['destination.properties.preferredBatchSizeInKilobytes', webhook({ preferredBatchSizeInKilobytes: 1_025 })],
    ['destination.properties.deliveryAttributeMappings', attributes(...of(11).map((name) => fixed(name)))],
    ['destination.properties.deliveryAttributeMappings[0].name', attributes(fixed('AEG-mine'))],
    ['destination.properties.deliveryAttributeMappings[0].name', attributes(fixed('two words'))],
    ['destination.properties.deliveryAttributeMappings[0].name', attributes(fixed('Content-Length'))],
    ['destination.properties.deliveryAttributeMappings[1].name', attributes(fixed('a'), fixed('A'))],
    ['destination.properties.deliveryAttributeMappings[0].properties.value', attributes(fixed('a', 'b\r\nc: d'))],
    ['destination.properties.deliveryAttributeMappings[0].properties.value', attributes(fixed('a', null))],
    ['destination.properties.deliveryAttributeMappings[0].properties.sourceField', attributes({ type: 'Dynamic', name: 'a' })],
    ['filter.advancedFilters', filters(...of(26).map(() => text(['x'])))],
    ['filter.advancedFilters', filters(text(of(13)), text(of(13)))],
    ['filter.advancedFilters[0].operatorType', filters({ operatorType: 'StringMatches', key: 'subject', values: ['x'] })],
    ['filter.advancedFilters[0].key', filters(text(['x'], 'nothing'))],
    ['filter.advancedFilters[0].key', filters(text(['x'], 'data.a\\.b'))],
    ['filter.advancedFilters[0].key', filters(text(['x'], 'data..a'))],
    ['filter.advancedFilters[0].values', filters(text([]))],
    ['filter.advancedFilters[1].values[1]', filters(text(['x']), text(['x', 7]))],
    ['filter.advancedFilters[0].values[0]', filters(text(['x'.repeat(513)]))],
    ['filter.advancedFilters[0].value', filters({ operatorType: 'NumberLessThan', key: 'data.a', value: true })],
    ['filter.advancedFilters[0].values[0]', filters({ operatorType: 'NumberInRange', key: 'data.a', values: [[2, 1]] })],
    ['labels[1]', { ...webhook({}), labels: ['a', ''] }],
    ['expirationTimeUtc', { ...webhook({}), expirationTimeUtc: 'tomorrow' }],
    ['expirationTimeUtc', { ...webhook({}), expirationTimeUtc: '2020-01-01T00:00:00Z' }],
    ['eventDeliverySchema', { ...webhook({}), eventDeliverySchema: 'CustomInputSchema' }],
    ['retryPolicy.maxDeliveryAttempts', { ...webhook({}), retryPolicy: { maxDeliveryAttempts: 31 } }],
    ['retryPolicy.eventTimeToLiveInMinutes', { ...webhook({}), retryPolicy: { eventTimeToLiveInMinutes: 1_441 } }],
    ['name', { ...webhook({}), name: 'under_score' }],
  ])('is refused, naming %s', async (target, definition) => {
    const { status, body } = await subscribe<Refusal>({ name: 'refused', ...definition });
    expect({ status, target: body.error.target }).toEqual({ status: 400, target });
    expect(body.error.message).toContain(target);
    expect(await names()).not.toContain('refused');
  });
});

it('R106: types, subject and advanced filters together decide what an endpoint gets', async () => {
  await using receiver = await EventReceiver.open();
  const { status } = await subscribe({
    name: 'filtered',
    endpointUrl: receiver.url,
    filter: {
      includedEventTypes: [IN_THREAD],
      subjectBeginsWith: 'THREAD/',
      advancedFilters: [
        { operatorType: 'StringContains', key: 'data.messageBody', values: ['URGENT'] },
        { operatorType: 'StringNotContains', key: 'data.messageBody', values: ['draft'] },
        { operatorType: 'IsNullOrUndefined', key: 'data.editTime' },
      ],
    },
  });
  expect(status).toBe(201);
  await send('nothing', 'urgent: a draft', 'This is urgent');
  await receiver.until(() => receiver.events.length > 0);
  await advance('PT1M');
  expect(receiver.events.map(({ data }) => (data as { readonly messageBody: string }).messageBody)).toEqual(['This is urgent']);
});

it('R104: types are spelled as published, and compared without case', async () => {
  await using receiver = await EventReceiver.open();
  await subscribe({ name: 'any-case', endpointUrl: receiver.url, includedEventTypes: [IN_THREAD.toUpperCase()] });
  await send('Hello');
  await receiver.until(() => receiver.events.length > 0);
  expect(receiver.events[0]).toMatchObject({ eventType: IN_THREAD });
});

it('R108: each subscription chooses its schema', async () => {
  await using grid = await EventReceiver.open();
  await using cloud = await EventReceiver.open();
  const includedEventTypes = [IN_THREAD];
  await subscribe({ name: 'grid-schema', endpointUrl: grid.url, includedEventTypes });
  await subscribe({ name: 'cloud-schema', endpointUrl: cloud.url, includedEventTypes, eventDeliverySchema: 'CloudEventSchemaV1_0' });
  await send('Hello');
  await grid.until(() => grid.deliveries.length > 0);
  await cloud.until(() => cloud.deliveries.length > 0);
  expect(grid.deliveries[0]).toMatchObject({
    headers: { 'content-type': 'application/json; charset=utf-8' },
    json: [{ eventType: IN_THREAD }],
  });
  expect(cloud.deliveries[0]).toMatchObject({
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    json: { type: IN_THREAD, specversion: '1.0' },
  });
});

it('delivery attributes become headers; secret ones are not shown', async () => {
  await using receiver = await EventReceiver.open();
  const created = await subscribe({
    name: 'with-headers',
    includedEventTypes: [IN_THREAD],
    destination: {
      endpointType: 'WebHook',
      properties: {
        endpointUrl: `${receiver.url}?code=secret-query`,
        deliveryAttributeMappings: [
          { type: 'Static', name: 'Authorization', properties: { value: 'Basic secret-header', isSecret: true } },
          { type: 'Static', name: 'X-Plain', properties: { value: 'plain' } },
          { type: 'Dynamic', name: 'X-Body', properties: { sourceField: 'data.messageBody' } },
          { type: 'Dynamic', name: 'X-Missing', properties: { sourceField: 'data.nothing' } },
        ],
      },
    },
  });
  expect(created.status).toBe(201);
  const listed = JSON.stringify((await server.admin('GET', '/admin/events/subscriptions')).body);
  expect(listed).toContain('"plain"');
  for (const shown of [JSON.stringify(created.body), listed]) expect(shown).not.toMatch(/secret-query|secret-header/);
  await send('Grüße\r\nX-Injected: yes');
  await receiver.until(() => receiver.deliveries.length > 0);
  const { headers } = receiver.deliveries[0]!;
  expect(headers).toMatchObject({
    authorization: 'Basic secret-header',
    'x-plain': 'plain',
    'x-body': 'Gr%C3%BC%C3%9Fe%0D%0AX-Injected: yes',
  });
  expect(headers).not.toHaveProperty('x-missing');
  expect(headers).not.toHaveProperty('x-injected');
});

it('a batch holds only events that go with the same headers', async () => {
  await using receiver = await EventReceiver.open();
  const held = Promise.withResolvers<void>();
  receiver.answer = () => held.promise;
  const mapping = { type: 'Dynamic', name: 'X-Body', properties: { sourceField: 'data.messageBody' } };
  const properties = { endpointUrl: receiver.url, maxEventsPerBatch: 100, deliveryAttributeMappings: [mapping] };
  const created = await subscribe({ name: 'alike', includedEventTypes: [IN_THREAD], destination: { endpointType: 'WebHook', properties } });
  expect(created.status).toBe(201);
  // While the first are on their way the others gather.
  await send(...Array.from({ length: 20 }, (_, i) => (i < 10 ? 'a' : 'b')));
  held.resolve();
  await receiver.until(() => receiver.events.length === 20);
  for (const { headers, json } of receiver.deliveries)
    for (const { data } of json as { readonly data: { readonly messageBody: string } }[]) expect(data.messageBody).toBe(headers['x-body']);
  expect(receiver.deliveries.length).toBeLessThan(20);
});

it('an endpoint gets no more requests than it allows, by the clock', async () => {
  await using receiver = await EventReceiver.open();
  receiver.consent = (_, response) => void response.writeHead(200, { 'WebHook-Allowed-Origin': '*', 'WebHook-Allowed-Rate': '60' }).end();
  await subscribe({ name: 'paced', endpointUrl: receiver.url, schema: 'CloudEventSchemaV1_0', includedEventTypes: [IN_THREAD] });
  await send('1', '2', '3', '4', '5');
  await receiver.until(() => receiver.deliveries.length === 1);
  for (const expected of [2, 3]) {
    await advance('PT1S');
    expect(receiver.deliveries).toHaveLength(expected);
  }
  await advance('PT0.9S');
  expect(receiver.deliveries).toHaveLength(3);
  await advance('PT10S');
  expect(receiver.deliveries).toHaveLength(5);
});

describe('the end of a subscription', () => {
  const notices = (receiver: EventReceiver) =>
    receiver.deliveries.filter(({ headers }) => headers['aeg-event-type'] === 'SubscriptionDeletion');

  it('is told to its endpoint once', async () => {
    await using receiver = await EventReceiver.open();
    await subscribe({ name: 'ends', endpointUrl: receiver.url, includedEventTypes: ['none'] });
    expect((await server.admin('DELETE', '/admin/events/subscriptions/ENDS')).status).toBe(204);
    await receiver.until(() => notices(receiver).length === 1);
    expect(notices(receiver)[0]?.json).toMatchObject([{ eventType: 'Microsoft.EventGrid.SubscriptionDeletedEvent' }]);
  });

  it('comes at its expiration time, by the clock: nothing is delivered any more', async () => {
    await using receiver = await EventReceiver.open();
    const { body } = await server.admin<{ readonly now: string }>('GET', '/admin/clock');
    const expirationTimeUtc = new Date(Date.parse(body.now) + 3_600_000).toISOString();
    receiver.answer = (_, response) => void response.writeHead(500);
    await subscribe({ name: 'expires', endpointUrl: receiver.url, includedEventTypes: [IN_THREAD], expirationTimeUtc });
    await send('Hello');
    await advance('PT59M59S');
    expect(await names()).toContain('expires');
    await advance('PT1S');
    expect(await names()).not.toContain('expires');
    const attempts = receiver.deliveries.length - notices(receiver).length;
    expect(attempts).toBeGreaterThan(1);
    await send('Hello again');
    await advance('P1D');
    expect(receiver.deliveries.length - notices(receiver).length).toBe(attempts);
  });

  it('can be moved by an update', async () => {
    await using receiver = await EventReceiver.open();
    const { body } = await server.admin<{ readonly now: string }>('GET', '/admin/clock');
    const inMinutes = (minutes: number) => new Date(Date.parse(body.now) + minutes * 60_000).toISOString();
    await subscribe({ name: 'moved', endpointUrl: receiver.url, expirationTimeUtc: inMinutes(5) });
    expect(await server.admin('PATCH', '/admin/events/subscriptions/moved', { expirationTimeUtc: inMinutes(60) })).toMatchObject({
      status: 200,
      body: { expirationTimeUtc: inMinutes(60) },
    });
    await advance('PT10M');
    expect(await names()).toContain('moved');
    await advance('PT50M');
    expect(await names()).not.toContain('moved');
  });

  it('comes with the end of its resource', async () => {
    await using receiver = await EventReceiver.open();
    await server.admin('POST', '/admin/resources', { name: 'short-lived' });
    await subscribe({ name: 'of-resource', source: 'short-lived', endpointUrl: receiver.url });
    expect(await names()).toContain('of-resource');
    await server.admin('DELETE', '/admin/resources/short-lived');
    expect(await names()).not.toContain('of-resource');
    await receiver.until(() => notices(receiver).length === 1);
    await server.admin('POST', '/admin/resources', { name: 'short-lived' });
    expect(await names()).not.toContain('of-resource');
  });
});

it('no source has more subscriptions than its limit, which the refusal names', async () => {
  await using receiver = await EventReceiver.open();
  await server.admin('POST', '/admin/resources', {
    name: 'limited',
  });
  for (let i = 0; i < 500; i++)
    expect(
      (await subscribe({ name: `of-many-${i}`, source: 'limited', endpointUrl: receiver.url, includedEventTypes: ['none'] })).status,
    ).toBe(201);
  const refused = await subscribe<Refusal>({ name: 'one-too-many', source: 'limited', endpointUrl: receiver.url });
  expect(refused.status).toBe(400);
  expect(refused.body.error.message).toContain('events.subscriptions-per-source');
  await server.admin('DELETE', '/admin/resources/limited');
});
