import { AzureKeyCredential, type EventGridEvent, EventGridDeserializer, EventGridPublisherClient } from '@azure/eventgrid';
import type { LoggedEvent } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../../lib/arm-client.ts';
import { newTopic, ORDER, OVER_HTTP, publishBare, publisherOf, type Topic, WHOLE_ORDER } from '../../lib/custom-topic.ts';
import { EventReceiver, type Received } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const MAPPING = {
  inputSchemaMappingType: 'Json',
  properties: {
    id: { sourceField: 'no' },
    eventTime: { sourceField: 'at' },
    eventType: { sourceField: 'what', defaultValue: 'Unknown' },
    subject: { sourceField: 'about.name', defaultValue: 'nothing' },
    dataVersion: { defaultValue: '2.0' },
  },
};

let server: TestServer;
let receiver: EventReceiver;
beforeAll(async () => {
  server = await startServer({ args: ['--memory'] });
  receiver = await EventReceiver.open();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await server.stop();
});

/** Subscribes the webhook to a topic. @returns what it got for that subscription so far */
async function subscribed(topic: Topic, schema?: string): Promise<() => Received[]> {
  const endpointUrl = receiver.url;
  const name = `sub-${topic.name}-${(schema ?? 'default').toLowerCase().replaceAll('_', '-')}`;
  const answer = await server.admin('POST', '/admin/events/subscriptions', {
    name,
    source: topic.name,
    endpointUrl,
    ...(schema ? { schema } : {}),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return () => receiver.deliveries.filter(({ headers }) => headers['aeg-subscription-name'] === name.toUpperCase());
}

describe('publishing in the Event Grid schema', () => {
  it('R108: an event comes out as it went in, under the topic of the server', async () => {
    const topic = await newTopic(server);
    const deliveries = await subscribed(topic);
    const eventTime = new Date('2026-01-31T10:00:00.123Z');
    await publisherOf(topic).send([{ ...ORDER, id: 'my-own-id', eventTime }]);
    await receiver.until(() => deliveries().length > 0);
    const [event] = await new EventGridDeserializer().deserializeEventGridEvents(deliveries()[0]?.text ?? '');
    expect(event).toEqual({
      ...ORDER,
      id: 'my-own-id',
      eventTime,
      topic: expect.stringMatching(/\/topics\/topic-\d+$/) as string,
      metadataVersion: '1',
    });
    expect(deliveries()[0]?.headers['aeg-data-version']).toBe('1');
  });

  it('R108: the same comes out as CloudEvents for who asks for it', async () => {
    const topic = await newTopic(server);
    const deliveries = await subscribed(topic, 'CloudEventSchemaV1_0');
    await publisherOf(topic).send([{ ...ORDER, id: 'one' }]);
    await receiver.until(() => deliveries().length > 0);
    const [event] = await new EventGridDeserializer().deserializeCloudEvents(deliveries()[0]?.text ?? '');
    expect(event).toMatchObject({ id: 'one', type: ORDER.eventType, subject: ORDER.subject, data: ORDER.data });
    expect(event?.source).toMatch(/\/topics\//);
  });

  it('R106: only the types that a subscription names reach it', async () => {
    const topic = await newTopic(server);
    const filter = { includedEventTypes: ['orders.paid'] };
    const name = `sub-${topic.name}-filtered`;
    await server.admin('POST', '/admin/events/subscriptions', { name, source: topic.name, endpointUrl: receiver.url, filter });
    await publisherOf(topic).send([ORDER, { ...ORDER, eventType: 'Orders.Paid', id: 'paid' }, ORDER]);
    const delivered = () => receiver.deliveries.filter(({ headers }) => headers['aeg-subscription-name'] === name.toUpperCase());
    await receiver.until(() => delivered().length > 0);
    expect(delivered().map(({ json }) => json)).toEqual([[expect.objectContaining({ id: 'paid' })]]);
  });

  it('R109: events that share an id are all delivered, and shown apart', async () => {
    const topic = await newTopic(server);
    const deliveries = await subscribed(topic);
    await publisherOf(topic).send([
      { ...ORDER, id: 'same', subject: 'first' },
      { ...ORDER, id: 'same', subject: 'second' },
    ]);
    await receiver.until(() => deliveries().length === 2);
    const { body } = await server.admin<{ value: LoggedEvent[] }>('GET', `/admin/events?source=${topic.name}`);
    expect(body.value.map(({ event }) => event.subject).sort()).toEqual(['first', 'second']);
    // Each has an address of its own.
    const first = body.value.find(({ event }) => event.subject === 'first')!;
    await server.admin('POST', `/admin/events/${first.key}:replay`);
    await receiver.until(() => deliveries().length === 3);
    const { body: again } = await server.admin<{ value: LoggedEvent[] }>('GET', `/admin/events?id=${first.key}`);
    expect(again.value).toMatchObject([{ event: { subject: 'first' }, deliveries: [{}, { replayedAt: expect.any(String) as string }] }]);
  });

  it('R109: a request is published whole or not at all', async () => {
    const topic = await newTopic(server);
    const deliveries = await subscribed(topic);
    const wrong = [ORDER, { ...ORDER, subject: '' }] as EventGridEvent<unknown>[];
    expect(await refusalOf(publisherOf(topic).send(wrong))).toMatchObject({ status: 400 });
    await publisherOf(topic).send([{ ...ORDER, id: 'after' }]);
    await receiver.until(() => deliveries().length > 0);
    expect(deliveries().map(({ json }) => json)).toEqual([[expect.objectContaining({ id: 'after' })]]);
  });

  it.each([
    ['no array', ORDER, 'array'],
    ['no event', [], 'at least one'],
    ['a text for an event', ['x'], '[0]'],
    ['no id', [{ ...WHOLE_ORDER, id: undefined }], '[0].id'],
    ['a number for an id', [WHOLE_ORDER, { ...WHOLE_ORDER, id: 5 }], '[1].id'],
    ['no type', [{ ...WHOLE_ORDER, eventType: '' }], 'eventType'],
    ['no time', [{ ...WHOLE_ORDER, eventTime: undefined }], 'eventTime'],
    ['a time that is none', [{ ...WHOLE_ORDER, eventTime: 'yesterday' }], 'eventTime'],
    ['another topic', [{ ...WHOLE_ORDER, topic: '/elsewhere' }], 'topic'],
    ['another metadata version', [{ ...WHOLE_ORDER, metadataVersion: '2' }], 'metadataVersion'],
    ['a number for the data version', [{ ...WHOLE_ORDER, dataVersion: 1 }], 'dataVersion'],
  ])('R106: %s is refused in the shape of the service', async (_, body, named) => {
    const topic = await newTopic(server);
    const answer = await publishBare(topic, body);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { code: string; message: string; details: { code: string; message: string }[] } };
    expect(error.message).toContain(named);
    expect(error.details).toEqual([{ code: error.code, message: error.message }]);
  });

  it('R106: what is too much is refused with 413', async () => {
    const topic = await newTopic(server);
    const many = Array.from({ length: 5_001 }, () => ({ id: '1', subject: 's', eventType: 't', eventTime: '2026-01-01T00:00:00Z' }));
    const large = [{ ...WHOLE_ORDER, data: 'x'.repeat(1_048_576) }];
    for (const body of [many, large]) {
      const answer = await publishBare(topic, body);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ error: { code: 'PayloadTooLarge', details: [{ code: 'PayloadTooLarge' }] } });
    }
    const most = Array.from({ length: 5_000 }, () => ({ id: '1', subject: 's', eventType: 't', eventTime: '2026-01-01T00:00:00Z' }));
    expect((await publishBare(topic, most)).status).toBe(200);
  });

  it.each([
    ['no version', { query: '' }, 400],
    ['an unknown version', { query: '?api-version=2020-01-01' }, 400],
    ['a form', { contentType: 'application/x-www-form-urlencoded' }, 415],
    ['CloudEvents', { contentType: 'application/cloudevents-batch+json' }, 415],
  ])('R106: %s is refused', async (_, options, status) => {
    const answer = await publishBare(await newTopic(server), [WHOLE_ORDER], options);
    expect(answer.status).toBe(status);
  });
});

describe('publishing CloudEvents', () => {
  const cloud = (topic: Topic) => new EventGridPublisherClient(topic.endpoint, 'CloudEvent', new AzureKeyCredential(topic.key1), OVER_HTTP);

  it('R108: every attribute comes out as it went in, extensions and binary data too', async () => {
    const topic = await newTopic(server, 'CloudEventSchemaV1_0');
    const deliveries = await subscribed(topic);
    const time = new Date('2026-01-31T10:00:00.123Z');
    const shared = { type: 'Orders.Placed', source: '/shop', subject: 'orders/1', time, dataschema: 'https://example.com/schema' };
    const plain = { ...shared, id: 'plain', data: { total: 5 }, extensionAttributes: { traceparent: '00-ab', priority: 3, urgent: true } };
    const binary = { ...shared, id: 'binary', data: new Uint8Array([1, 2, 255]), datacontenttype: 'application/octet-stream' };
    await cloud(topic).send([plain, binary]);
    await receiver.until(() => deliveries().length === 2);
    const events = await Promise.all(deliveries().map(({ text }) => new EventGridDeserializer().deserializeCloudEvents(text)));
    const byId = new Map(events.flat().map((event) => [event.id, event]));
    expect(byId.get('plain')).toEqual({ ...plain, specversion: '1.0', datacontenttype: 'application/json' });
    expect(byId.get('binary')).toMatchObject({ datacontenttype: 'application/octet-stream', source: '/shop' });
    expect([...(byId.get('binary')?.data as Uint8Array)]).toEqual([1, 2, 255]);
    expect(deliveries()[0]?.headers['content-type']).toContain('application/cloudevents+json');
  });

  it('R108: a single event may come alone, and without time, subject and data', async () => {
    const topic = await newTopic(server, 'CloudEventSchemaV1_0');
    const deliveries = await subscribed(topic);
    const bare = { specversion: '1.0', id: 'bare', source: 'x', type: 'y', note: null };
    const answer = await publishBare(topic, bare, { contentType: 'application/cloudevents+json' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    await receiver.until(() => deliveries().length > 0);
    expect(deliveries()[0]?.json).toEqual({ specversion: '1.0', id: 'bare', source: 'x', type: 'y' });
  });

  it('R108: they are not delivered in another schema', async () => {
    const topic = await newTopic(server, 'CloudEventSchemaV1_0');
    const wanted = { name: 'as-event-grid', source: topic.name, endpointUrl: receiver.url, schema: 'EventGridSchema' };
    expect((await server.admin('POST', '/admin/events/subscriptions', wanted)).status).toBe(400);
  });

  it.each([
    ['another spec version', { specversion: '0.3' }, 'specversion'],
    ['no source', { source: '' }, 'source'],
    ['data twice', { data: 1, data_base64: 'AAAA' }, 'data_base64'],
    ['data that is not base64', { data_base64: 'not base64!' }, 'data_base64'],
    ['an extension with capitals', { traceParent: 'x' }, 'traceParent'],
    ['an object for an extension', { trace: {} }, 'trace'],
    ['a time that is none', { time: 'now' }, 'time'],
    ['an empty subject', { subject: '' }, 'subject'],
  ])('R108: %s is refused', async (_, wrong, named) => {
    const topic = await newTopic(server, 'CloudEventSchemaV1_0');
    const body = [{ specversion: '1.0', id: '1', source: 's', type: 't', ...wrong }];
    const answer = await publishBare(topic, body, { contentType: 'application/cloudevents-batch+json' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(named);
  });
});

describe('publishing in a schema of one’s own', () => {
  const custom = () => newTopic(server, 'CustomEventSchema', { inputSchemaMapping: MAPPING });
  const OUR_EVENT = { no: 7, at: '2026-01-31T10:00:00Z', what: 'placed', about: { name: 'order 1' }, rest: [1, 2] };

  it('R108: an event comes out in any schema, as each subscription asks', async () => {
    const topic = await custom();
    const [asIs, asGrid, asCloud] = [
      await subscribed(topic),
      await subscribed(topic, 'EventGridSchema'),
      await subscribed(topic, 'CloudEventSchemaV1_0'),
    ];
    const publisher = new EventGridPublisherClient(topic.endpoint, 'Custom', new AzureKeyCredential(topic.key1), OVER_HTTP);
    await publisher.send([OUR_EVENT]);
    await receiver.until(() => [asIs, asGrid, asCloud].every((deliveries) => deliveries().length === 1));
    expect(asIs()[0]?.json).toEqual([OUR_EVENT]);
    expect(asGrid()[0]?.json).toMatchObject([
      { id: '7', eventType: 'placed', subject: 'order 1', dataVersion: '2.0', eventTime: '2026-01-31T10:00:00Z', data: OUR_EVENT },
    ]);
    expect(asCloud()[0]?.json).toMatchObject({ id: '7', type: 'placed', subject: 'order 1', data: OUR_EVENT });
  });

  it('R108: what an event lacks is taken from the mapping, or made', async () => {
    const topic = await custom();
    const deliveries = await subscribed(topic, 'EventGridSchema');
    expect((await publishBare(topic, [{}])).status).toBe(200);
    await receiver.until(() => deliveries().length > 0);
    const [event] = deliveries()[0]?.json as Record<string, unknown>[];
    expect(event).toMatchObject({ eventType: 'Unknown', subject: 'nothing', data: {} });
    expect(event?.['id']).toMatch(/^[\da-f-]{36}$/);
    expect((await publishBare(topic, [{ what: {} }])).status).toBe(400);
  });
});
