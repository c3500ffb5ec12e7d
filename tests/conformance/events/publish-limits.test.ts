import { describe, expect, it } from 'vitest';
import { newTopic, ORDER, publishBare, publisherOf, WHOLE_ORDER } from '../../lib/custom-topic.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const STRICT = ['--memory', '--clock', 'virtual', '--limits', 'azure'];
const events = (count: number) => Array.from({ length: count }, () => WHOLE_ORDER);
const advanceASecond = (server: TestServer) => server.admin('POST', '/admin/clock:advance', { by: 'PT1S' });

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly details: readonly object[] };
}

describe('how much may be published to a topic in a second', () => {
  it('R120: is 5,000 events under strict Azure, for each topic', async () => {
    await using server = await startServer({ args: STRICT });
    const [topic, other] = [await newTopic(server), await newTopic(server)];
    for (const count of [2_000, 3_000]) expect((await publishBare(topic, events(count))).status).toBe(200);
    const refused = await publishBare(topic, events(1));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    const { error } = (await refused.json()) as Refusal;
    expect(error).toMatchObject({ code: 'TooManyRequests', details: [{ code: 'TooManyRequests', message: error.message }] });
    expect(error.message).toContain('More than 5000 events in 1 s: limit events.publish-rate under the preset azure');
    expect((await publishBare(other, events(1))).status).toBe(200);
    await advanceASecond(server);
    expect((await publishBare(topic, events(1))).status).toBe(200);
  });

  it('R120: is 5 MB under strict Azure', async () => {
    await using server = await startServer({ args: STRICT });
    const topic = await newTopic(server);
    const large = [{ ...WHOLE_ORDER, data: 'x'.repeat(1_040_000) }];
    for (let i = 0; i < 5; i++) expect((await publishBare(topic, large)).status).toBe(200);
    const refused = await publishBare(topic, large);
    expect(refused.status).toBe(429);
    expect(((await refused.json()) as Refusal).error.message).toContain('bytes in 1 s: limit events.publish-bytes-rate');
    await advanceASecond(server);
    expect((await publishBare(topic, large)).status).toBe(200);
  });

  it('R120: the stock publisher comes back by itself when it is refused', async () => {
    await using server = await startServer({ args: STRICT });
    const topic = await newTopic(server);
    expect((await publishBare(topic, events(5_000))).status).toBe(200);
    const sent = publisherOf(topic).send([ORDER]);
    const { body } = await server.admin<{ value: object[] }>('GET', '/admin/requests?status=429&wait=20s');
    expect(body.value).toMatchObject([{ operation: 'EventGrid_PublishEvents', status: 429 }]);
    await advanceASecond(server);
    await sent;
  });

  it('is not limited without being asked for', async () => {
    await using server = await startServer({ args: ['--memory', '--clock', 'virtual'] });
    const topic = await newTopic(server);
    for (let i = 0; i < 3; i++) expect((await publishBare(topic, events(5_000))).status).toBe(200);
  });
});

it('a request whose events are wanted too often is refused whole, and the refusal names the limit', async () => {
  using folder = new TemporaryFolder();
  const limits = folder.write('limits.yaml', 'events.deliveries-per-request: 10\n');
  await using server = await startServer({ args: ['--memory', '--limits', limits] });
  await using receiver = await EventReceiver.open();
  const topic = await newTopic(server);
  for (const name of ['one', 'two', 'other']) {
    const filter = { includedEventTypes: [name === 'other' ? 'Orders.Paid' : ORDER.eventType] };
    const body = { name, source: topic.name, endpointUrl: receiver.url, filter };
    expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
  }
  const refused = await publishBare(topic, events(6));
  expect(refused.status).toBe(400);
  expect(((await refused.json()) as Refusal).error.message).toContain(
    'is 12 deliveries, but limit events.deliveries-per-request is at most 10 under the preset custom',
  );
  expect((await publishBare(topic, events(5))).status).toBe(200);
  await receiver.until(() => receiver.deliveries.length === 10);
});

it('so is what is triggered', async () => {
  using folder = new TemporaryFolder();
  const limits = folder.write('limits.yaml', 'events.deliveries-per-request: 10\n');
  await using server = await startServer({ args: ['--memory', '--limits', limits] });
  await using receiver = await EventReceiver.open();
  expect((await server.admin('POST', '/admin/events/subscriptions', { name: 'all', endpointUrl: receiver.url })).status).toBe(201);
  const trigger = (count: number) => server.admin('POST', '/admin/events/trigger', { type: 'SMSReceived', count });
  const message = expect.stringContaining('events.deliveries-per-request') as unknown;
  expect(await trigger(11)).toMatchObject({ status: 400, body: { error: { message } } });
  expect((await trigger(10)).status).toBe(201);
  await receiver.until(() => receiver.deliveries.length === 10);
});
