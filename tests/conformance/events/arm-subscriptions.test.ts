import type { EventGridManagementClient } from '@azure/arm-eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all, armClient, callArm, GROUP, refusalOf, resourceScope, toProperties, toWebhook } from '../../lib/arm-client.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const LOCAL = resourceScope();
const RECEIVED = 'Microsoft.Communication.ChatMessageReceivedInThread';
const QUICK = { updateIntervalInMs: 50 };

let server: TestServer;
let arm: EventGridManagementClient;
beforeAll(async () => {
  server = await startServer({ args: ['--memory'] });
  arm = armClient(server);
});
afterAll(() => server.stop());

async function sendOne(resource = 'local'): Promise<void> {
  const rest = new ChatRest(server.endpoint, await newUser(server, { resource }));
  await rest.send(await rest.createThread(), 'Hello');
}

describe('event subscriptions of a resource', () => {
  it('R106: one for a single type is made, changed, shown without its secrets, delivered to, and ended', async () => {
    await using receiver = await EventReceiver.open();
    const url = `${receiver.url}?code=secret`;
    const made = await arm.eventSubscriptions.beginCreateOrUpdateAndWait(
      LOCAL,
      'whole-life',
      toWebhook(url, {
        filter: { includedEventTypes: [RECEIVED], subjectBeginsWith: 'thread/' },
        labels: ['one'],
        retryPolicy: { maxDeliveryAttempts: 5, eventTimeToLiveInMinutes: 60 },
      }),
      QUICK,
    );
    expect(made).toMatchObject({
      id: expect.stringMatching(
        /\/communicationservices\/local\/providers\/Microsoft\.EventGrid\/eventSubscriptions\/whole-life$/i,
      ) as string,
      name: 'whole-life',
      type: 'Microsoft.EventGrid/eventSubscriptions',
      provisioningState: 'Succeeded',
      topic: expect.stringMatching(/communicationservices\/local$/i) as string,
      destination: { endpointType: 'WebHook', endpointBaseUrl: receiver.url },
      filter: { includedEventTypes: [RECEIVED], subjectBeginsWith: 'thread/' },
      labels: ['one'],
      eventDeliverySchema: 'EventGridSchema',
      retryPolicy: { maxDeliveryAttempts: 5, eventTimeToLiveInMinutes: 60 },
    });
    expect(JSON.stringify(made)).not.toContain('secret');
    expect(await arm.eventSubscriptions.getFullUrl(LOCAL, 'whole-life')).toEqual({ endpointUrl: url });

    await sendOne();
    await receiver.until(() => receiver.events.length > 0);
    expect(receiver.events.map(({ eventType }) => eventType)).toEqual([RECEIVED]);

    const changed = await arm.eventSubscriptions.beginUpdateAndWait(LOCAL, 'whole-life', { labels: ['two'] }, QUICK);
    expect(changed).toMatchObject({ provisioningState: 'Succeeded', labels: ['two'], filter: { subjectBeginsWith: 'thread/' } });
    expect((await arm.eventSubscriptions.get(LOCAL, 'WHOLE-life')).labels).toEqual(['two']);

    await arm.eventSubscriptions.beginDeleteAndWait(LOCAL, 'whole-life');
    expect(await refusalOf(arm.eventSubscriptions.get(LOCAL, 'whole-life'))).toMatchObject({ status: 404, code: 'ResourceNotFound' });
    await arm.eventSubscriptions.beginDeleteAndWait(LOCAL, 'whole-life');
  });

  it('R108: the schema is chosen for each subscription', async () => {
    const resource = await newResource(server);
    await using plain = await EventReceiver.open();
    await using cloud = await EventReceiver.open();
    const scope = resourceScope(resource.name);
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(scope, 'plain', toWebhook(plain.url), QUICK);
    const eventDeliverySchema = 'CloudEventSchemaV1_0';
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(scope, 'cloud', toWebhook(cloud.url, { eventDeliverySchema }), QUICK);
    const user = await newUser(server, { resource: resource.name });
    const rest = new ChatRest(server.endpoint, user);
    await rest.send(await rest.createThread(), 'Hello');
    await plain.until(() => plain.events.some(({ eventType }) => eventType === RECEIVED));
    await cloud.until(() => cloud.deliveries.some(({ json }) => (json as { type?: string }).type === RECEIVED));
    expect(cloud.deliveries[0]?.json).toMatchObject({ specversion: '1.0', source: plain.events[0]?.['topic'] });
  });

  it('R106: an operation that runs answers with its address, which tells how it goes', async () => {
    await using receiver = await EventReceiver.open();
    const held = Promise.withResolvers<void>();
    const agree = receiver.consent;
    receiver.consent = async (received, response) => {
      await held.promise;
      await agree(received, response);
    };
    const target = `${LOCAL}/providers/Microsoft.EventGrid/eventSubscriptions/slow?api-version=2022-06-15`;
    const begun = await callArm(server, 'PUT', { target, body: { properties: toProperties(receiver.url) } });
    expect(begun.status).toBe(201);
    expect(await begun.json()).toMatchObject({ properties: { provisioningState: 'Creating' } });
    const operation = begun.headers.get('azure-asyncoperation') ?? '';
    const status = async () => (await callArm(server, 'GET', { target: operation.replace(new URL(server.endpoint).origin, '') })).json();
    expect(await status()).toMatchObject({ status: 'InProgress' });
    held.resolve();
    await expect.poll(status).toMatchObject({ status: 'Succeeded' });
    await arm.eventSubscriptions.beginDeleteAndWait(LOCAL, 'slow');
    expect(await status()).toMatchObject({ error: { code: 'ResourceNotFound' } });
  });

  it('R107: the reason why an endpoint did not agree reaches the caller', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = (_, response) => void response.writeHead(418);
    const failed = await refusalOf(arm.eventSubscriptions.beginCreateOrUpdateAndWait(LOCAL, 'refused', toWebhook(receiver.url), QUICK));
    expect(failed.message).toContain('HandshakeFailed');
    expect(failed.message).toContain('418 instead of 200');
    expect(await arm.eventSubscriptions.get(LOCAL, 'refused')).toMatchObject({ provisioningState: 'Failed' });
    await arm.eventSubscriptions.beginDeleteAndWait(LOCAL, 'refused');
  });

  it('R107: a change that the endpoint does not agree to fails, and the subscription goes on as it was', async () => {
    await using good = await EventReceiver.open();
    await using bad = await EventReceiver.open();
    bad.consent = (_, response) => void response.writeHead(500);
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(
      LOCAL,
      'moving',
      toWebhook(good.url, { filter: { includedEventTypes: [RECEIVED] } }),
      QUICK,
    );
    const destination = { endpointType: 'WebHook' as const, endpointUrl: bad.url };
    const failed = await refusalOf(arm.eventSubscriptions.beginUpdateAndWait(LOCAL, 'moving', { destination }, QUICK));
    expect(failed.message).toContain('500 instead of 200');
    await sendOne();
    await good.until(() => good.deliveries.length > 0);
    await arm.eventSubscriptions.beginDeleteAndWait(LOCAL, 'moving');
  });

  it('R106: delivery attributes are told in full by their own operation alone', async () => {
    await using receiver = await EventReceiver.open();
    const deliveryAttributeMappings = [
      { type: 'Static' as const, name: 'x-key', value: 'top-secret', isSecret: true },
      { type: 'Static' as const, name: 'x-open', value: 'open', isSecret: false },
      { type: 'Dynamic' as const, name: 'x-thread', sourceField: 'data.threadId' },
    ];
    const destination = { endpointType: 'WebHook' as const, endpointUrl: receiver.url, deliveryAttributeMappings };
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(LOCAL, 'with-headers', { destination }, QUICK);
    const shown = await arm.eventSubscriptions.get(LOCAL, 'with-headers');
    expect(JSON.stringify(shown)).not.toContain('top-secret');
    expect(shown.destination).toMatchObject({
      deliveryAttributeMappings: [{ name: 'x-key' }, { value: 'open' }, { sourceField: 'data.threadId' }],
    });
    expect(await arm.eventSubscriptions.getDeliveryAttributes(LOCAL, 'with-headers')).toMatchObject({ value: deliveryAttributeMappings });
    await arm.eventSubscriptions.beginDeleteAndWait(LOCAL, 'with-headers');
  });
});

describe('lists of event subscriptions', () => {
  const names = Array.from({ length: 5 }, (_, i) => `listed-${i}`);
  let receiver: EventReceiver;
  let name: string;
  beforeAll(async () => {
    receiver = await EventReceiver.open();
    ({ name } = await newResource(server));
    for (const one of names)
      await arm.eventSubscriptions.beginCreateOrUpdateAndWait(resourceScope(name), one, toWebhook(receiver.url), QUICK);
  });
  afterAll(() => receiver[Symbol.asyncDispose]());

  const ofResource = (options = {}) =>
    arm.eventSubscriptions.listByResource(GROUP, 'Microsoft.Communication', 'communicationServices', name, options);

  it('R106: come by resource, in pages whose links the client follows', async () => {
    const pages: (string | undefined)[][] = [];
    for await (const page of ofResource({ top: 2 }).byPage()) pages.push(page.map((one) => one.name));
    expect(pages).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
  });

  it('R106: take a filter of names', async () => {
    const filter = "contains(name, 'LISTED') and not (name eq 'listed-0' or name eq 'listed-4')";
    expect((await all(ofResource({ filter, top: 1 }))).map((one) => one.name)).toEqual(names.slice(1, 4));
    expect(await refusalOf(all(ofResource({ filter: "location eq 'x'" })))).toMatchObject({ status: 400, code: 'InvalidRequest' });
  });

  it('R106: come for a subscription, a group, and a type of source', async () => {
    const type = 'Microsoft.Communication.CommunicationServices';
    const { eventSubscriptions } = arm;
    const lists = [
      eventSubscriptions.listGlobalBySubscription(),
      eventSubscriptions.listGlobalBySubscriptionForTopicType(type),
      eventSubscriptions.listGlobalByResourceGroup(GROUP),
      eventSubscriptions.listGlobalByResourceGroupForTopicType(GROUP, type),
      eventSubscriptions.listRegionalBySubscription('global'),
      eventSubscriptions.listRegionalByResourceGroup(GROUP, 'global'),
      eventSubscriptions.listRegionalBySubscriptionForTopicType('global', type.toLowerCase()),
      eventSubscriptions.listRegionalByResourceGroupForTopicType(GROUP, 'global', type),
    ];
    for (const list of lists) expect((await all(list)).map((one) => one.name)).toEqual(expect.arrayContaining(names));
    expect(await all(eventSubscriptions.listRegionalBySubscription('westeurope'))).toEqual([]);
    expect(await all(eventSubscriptions.listGlobalBySubscriptionForTopicType('Microsoft.EventGrid.Topics'))).toEqual([]);
    expect(await refusalOf(all(eventSubscriptions.listGlobalBySubscriptionForTopicType('Microsoft.Storage')))).toMatchObject({
      status: 404,
    });
  });

  it('R106: end with their resource', async () => {
    const { name: other } = await newResource(server);
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(resourceScope(other), 'of-the-deleted', toWebhook(receiver.url), QUICK);
    await server.admin('DELETE', `/admin/resources/${other}`);
    expect((await all(arm.eventSubscriptions.listGlobalBySubscription())).map((one) => one.name)).not.toContain('of-the-deleted');
    expect(await refusalOf(arm.eventSubscriptions.get(resourceScope(other), 'of-the-deleted'))).toMatchObject({ status: 404 });
  });
});
