import { type CloudEvent, EventGridDeserializer, type EventGridEvent, isSystemEvent } from '@azure/eventgrid';
import { AccountSASPermissions, AccountSASResourceTypes, type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Azurite } from '../../lib/azurite.ts';
import { advance, deliveryTo, trigger } from '../../lib/event-deliveries.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const ACCOUNTS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts';
/** Of the queue service; base64 has four characters for three bytes. */
const MOST_EVENT_BYTES = (65_536 / 4) * 3;

let azurite: Azurite;
/** Stands in for the queue service where a test looks at what is asked of it. */
let recorder: EventReceiver;
let server: TestServer;
beforeAll(async () => {
  azurite = await Azurite.open();
  recorder = await EventReceiver.open();
  const endpoints = {
    ours: azurite.connectionString(),
    wrong: azurite.wrongConnectionString,
    signed: `QueueEndpoint=${azurite.queueEndpoint};SharedAccessSignature=${signatureFor(azurite)}`,
    recorded: `AccountName=a;AccountKey=${Buffer.alloc(64).toString('base64')};QueueEndpoint=${new URL(recorder.url).origin}`,
  };
  const byId = Object.fromEntries(Object.entries(endpoints).map(([account, text]) => [`${ACCOUNTS}/${account}`, text]));
  server = await startServer({
    args: ['--memory', '--clock', 'virtual'],
    env: { SWITCHBOARD_EVENT_ENDPOINTS: JSON.stringify(byId) },
  });
});
afterAll(async () => {
  await server.stop();
  await recorder[Symbol.asyncDispose]();
  await azurite[Symbol.asyncDispose]();
});

/** Lets its bearer put messages into queues, and nothing else. */
function signatureFor(storage: Azurite): string {
  const url = QueueServiceClient.fromConnectionString(storage.connectionString()).generateAccountSasUrl(
    new Date(Date.now() + 3_600_000),
    AccountSASPermissions.parse('a'),
    AccountSASResourceTypes.parse('o').toString(),
  );
  return new URL(url).search.slice(1);
}

interface Wish {
  readonly account?: string;
  readonly queueName?: string;
  readonly properties?: object;
  readonly eventDeliverySchema?: string;
}

/** Subscribes a queue. @returns it, not yet made */
async function subscribe(name: string, { account = 'ours', queueName = name, properties = {}, ...more }: Wish = {}): Promise<QueueClient> {
  const destination = { endpointType: 'StorageQueue', properties: { resourceId: `${ACCOUNTS}/${account}`, queueName, ...properties } };
  // Each hears of what has its name for subject.
  const filter = { includedEventTypes: ['Microsoft.Communication.SMSReceived'], subjectEndsWith: `/${name}` };
  const { status, body } = await server.admin('POST', '/admin/events/subscriptions', { name, destination, filter, ...more });
  expect({ status, body }).toMatchObject({ status: 201 });
  return azurite.queue(queueName);
}

const subjectOf = (name: string) => ({ subject: `/phonenumber/${name}` });

/** What lies in a queue, as its readers decode it; nothing is left. */
async function read(queue: QueueClient): Promise<string[]> {
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString('utf8'));
}

async function idsIn(queue: QueueClient): Promise<Set<string>> {
  return new Set((await read(queue)).map((text) => (JSON.parse(text) as { readonly id: string }).id));
}

describe('a storage queue', () => {
  it('R103: gets each event as a message of its own, which the published clients read', async () => {
    const queue = await subscribe('plain', { properties: { queueMessageTimeToLiveInSeconds: 3600 } });
    await queue.create();
    const [event] = await trigger(server, { ...subjectOf('plain'), data: { message: 'Grüße & <b>' } });
    expect(await deliveryTo(server, 'plain')).toMatchObject({ state: 'delivered', attempts: [{ outcome: 'Delivered', status: 201 }] });
    // What the service says of a message lets its reader delete it.
    expect((await deliveryTo(server, 'plain')).attempts[0]).not.toHaveProperty('detail');
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
    const [{ insertedOn, expiresOn } = {}] = peekedMessageItems;
    expect(peekedMessageItems).toHaveLength(1);
    expect(Number(expiresOn) - Number(insertedOn)).toBe(3_600_000);
    const [text = ''] = await read(queue);
    const [delivered] = (await new EventGridDeserializer().deserializeEventGridEvents(text)) as [EventGridEvent<unknown>];
    expect(isSystemEvent('Microsoft.Communication.SMSReceived', delivered)).toBe(true);
    expect(JSON.parse(text)).toEqual(event);
  });

  it('R108: gets CloudEvents where its subscription asks for them, for a week', async () => {
    const queue = await subscribe('cloud', { eventDeliverySchema: 'CloudEventSchemaV1_0' });
    await queue.create();
    await trigger(server, { ...subjectOf('cloud'), count: 2 });
    await deliveryTo(server, 'cloud', ({ state }) => state === 'delivered');
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
    expect(peekedMessageItems.map(({ insertedOn, expiresOn }) => Number(expiresOn) - Number(insertedOn))).toContain(7 * 86_400_000);
    const [text = ''] = await read(queue);
    const [delivered] = (await new EventGridDeserializer().deserializeCloudEvents(text)) as [CloudEvent<unknown>];
    expect(isSystemEvent('Microsoft.Communication.SMSReceived', delivered)).toBe(true);
  });

  it('R105: takes an event of exactly 64 KB as base64, and never one that is longer', async () => {
    const queue = await subscribe('large');
    await queue.create();
    const [small] = await trigger(server, { ...subjectOf('large'), data: { message: '' } });
    const room = MOST_EVENT_BYTES - JSON.stringify(small).length;
    await trigger(server, { ...subjectOf('large'), data: { message: 'x'.repeat(room) } });
    expect(await deliveryTo(server, 'large')).toMatchObject({ state: 'delivered' });
    expect((await read(queue)).map(({ length }) => length)).toContain(MOST_EVENT_BYTES);
    await trigger(server, { ...subjectOf('large'), data: { message: 'x'.repeat(room + 1) } });
    expect(await deliveryTo(server, 'large', ({ state }) => state !== 'waiting')).toMatchObject({
      state: 'dropped',
      reason: 'UndeliverableDueToHttpRequestEntityTooLarge',
      attempts: [{ outcome: 'PayloadTooLarge', detail: 'the message has 65540 bytes; a queue takes 65536' }],
    });
    expect(await read(queue)).toEqual([]);
  });

  it('R105: that is not there yet gets the event at the next attempt, five minutes later', async () => {
    const queue = await subscribe('missing');
    await trigger(server, subjectOf('missing'));
    expect(await deliveryTo(server, 'missing')).toMatchObject({
      state: 'waiting',
      attempts: [{ outcome: 'NotFound', status: 404, detail: expect.stringMatching(/^QueueNotFound: [^\n<]+$/) as unknown }],
    });
    await queue.create();
    await advance(server, 'PT4M59S');
    expect(await read(queue)).toEqual([]);
    await advance(server, 'PT32S');
    expect(await deliveryTo(server, 'missing')).toMatchObject({ state: 'delivered', attemptCount: 2 });
    expect(await read(queue)).toHaveLength(1);
  });

  it('R105: that refuses the key of the account is not asked again, and the log says why', async () => {
    await subscribe('refusing', { account: 'wrong' });
    await trigger(server, subjectOf('refusing'));
    expect(await deliveryTo(server, 'refusing', ({ state }) => state !== 'waiting')).toMatchObject({
      state: 'dropped',
      reason: 'UndeliverableDueToHttpForbidden',
      attempts: [{ outcome: 'Forbidden', status: 403, detail: expect.stringMatching(/^AuthenticationFailed: [^\n<]+$/) as unknown }],
    });
  });

  it('can be reached by a shared access signature', async () => {
    const queue = await subscribe('signed', { account: 'signed' });
    await queue.create();
    await trigger(server, subjectOf('signed'));
    expect(await deliveryTo(server, 'signed')).toMatchObject({ state: 'delivered' });
    expect(await read(queue)).toHaveLength(1);
  });

  it('is asked with signatures of the present, however far the clock of the server was moved', async () => {
    await subscribe('recorded', { account: 'recorded' });
    await advance(server, 'P30D');
    await trigger(server, subjectOf('recorded'));
    await recorder.until(() => recorder.deliveries.length === 1);
    const dateMs = Date.parse(recorder.deliveries[0]!.headers['x-ms-date'] as string);
    expect(Math.abs(dateMs - Date.now())).toBeLessThan(60_000);
  });

  it('R109: that is away for a while gets everything when it is back, and keeps what it had', async () => {
    const queue = await subscribe('away');
    await queue.create();
    const before = await trigger(server, { ...subjectOf('away'), count: 3 });
    await deliveryTo(server, 'away', ({ state }) => state === 'delivered');
    await advance(server, 'PT1S');
    await azurite.stop();
    const meanwhile = await trigger(server, { ...subjectOf('away'), count: 20 });
    expect(await deliveryTo(server, 'away')).toMatchObject({ state: 'waiting', attempts: [{ outcome: 'SocketError' }] });
    await advance(server, 'PT5S');
    await azurite.start();
    const after = await trigger(server, { ...subjectOf('away'), count: 3 });
    await advance(server, 'PT2M');
    expect(await idsIn(queue)).toEqual(new Set([...before, ...meanwhile, ...after].map(({ id }) => id)));
  });
});

it.each([
  ['ab', 'is too short'],
  ['a'.repeat(64), 'is too long'],
  [`a${'-a'.repeat(40)}`, 'is too long with its hyphens'],
  ['Events', 'has capitals'],
  ['a--b', 'has two hyphens together'],
])('the queue name %s is refused, which %s', async (queueName) => {
  const destination = { endpointType: 'StorageQueue', properties: { resourceId: `${ACCOUNTS}/ours`, queueName } };
  expect(await server.admin('POST', '/admin/events/subscriptions', { name: 'misnamed', destination })).toMatchObject({
    status: 400,
    body: { error: { target: 'destination.properties.queueName' } },
  });
});

it('a queue name may have three characters with a hyphen among them', async () => {
  const queue = await subscribe('short', { queueName: 'a-b' });
  await queue.create();
  await trigger(server, subjectOf('short'));
  expect(await deliveryTo(server, 'short')).toMatchObject({ state: 'delivered' });
});
