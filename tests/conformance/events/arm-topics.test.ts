import type { EventGridManagementClient } from '@azure/arm-eventgrid';
import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all, armClient, GROUP, refusalOf, resourceScope, topicScope, toWebhook } from '../../lib/arm-client.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const QUICK = { updateIntervalInMs: 50 };

let server: TestServer;
let arm: EventGridManagementClient;
beforeAll(async () => {
  server = await startServer();
  arm = armClient(server);
});
afterAll(() => server.stop());

const make = (name: string, more = {}) => arm.topics.beginCreateOrUpdateAndWait(GROUP, name, { location: 'West US 2', ...more }, QUICK);

describe('custom topics', () => {
  it('R106: are made, changed, shown, listed and deleted', async () => {
    const made = await make('life', { tags: { team: 'one' } });
    expect(made).toMatchObject({
      id: topicScope('life'),
      name: 'life',
      type: 'Microsoft.EventGrid/topics',
      location: 'westus2',
      tags: { team: 'one' },
      provisioningState: 'Succeeded',
      endpoint: `${server.endpoint}topics/life/api/events`,
      inputSchema: 'EventGridSchema',
      publicNetworkAccess: 'Enabled',
      disableLocalAuth: false,
    });
    const keys = await arm.topics.listSharedAccessKeys(GROUP, 'life');
    await make('LIFE', { tags: { team: 'two' } });
    expect(await arm.topics.listSharedAccessKeys(GROUP, 'life')).toEqual(keys);
    await arm.topics.beginUpdateAndWait(GROUP, 'life', { disableLocalAuth: true }, QUICK);
    expect(await arm.topics.get(GROUP, 'Life')).toMatchObject({ tags: { team: 'two' }, disableLocalAuth: true });
    expect((await all(arm.topics.listBySubscription())).map(({ name }) => name)).toContain('life');
    expect(await all(arm.topics.listByResourceGroup(GROUP, { filter: "name eq 'other'" }))).toEqual([]);
    await arm.topics.beginDeleteAndWait(GROUP, 'life');
    expect(await refusalOf(arm.topics.get(GROUP, 'life'))).toMatchObject({ status: 404, code: 'ResourceNotFound' });
    await arm.topics.beginDeleteAndWait(GROUP, 'life');
  });

  it('R106: have two keys, each replaced alone', async () => {
    await make('keys');
    const before = await arm.topics.listSharedAccessKeys(GROUP, 'keys');
    expect(before.key1).not.toBe(before.key2);
    const after = await arm.topics.beginRegenerateKeyAndWait(GROUP, 'keys', { keyName: 'key1' }, QUICK);
    expect(after.key2).toBe(before.key2);
    expect(after.key1).not.toBe(before.key1);
    const { endpoint = '' } = await arm.topics.get(GROUP, 'keys');
    const publisher = (key = ''): EventGridPublisherClient<'EventGrid'> =>
      new EventGridPublisherClient(endpoint, 'EventGrid', new AzureKeyCredential(key));
    const event = { eventType: 'x', subject: 'x', dataVersion: '1', data: {} };
    expect(await refusalOf(publisher(before.key1).send([event]))).toMatchObject({ status: 401 });
    await publisher(after.key1).send([event]);
    await publisher(after.key2).send([event]);
    expect(await refusalOf(arm.topics.beginRegenerateKeyAndWait(GROUP, 'keys', { keyName: 'key3' }))).toMatchObject({ status: 400 });
  });

  it.each([
    ['a short name', 'x', {}, 'name'],
    ['a name with dots', 'a.b.c', {}, 'name'],
    ['a location that is none', 'wrong', { location: 'west/us' }, 'location'],
    ['a private network', 'wrong', { publicNetworkAccess: 'Disabled' }, 'publicNetworkAccess'],
    ['rules of addresses', 'wrong', { inboundIpRules: [{ ipMask: '10.0.0.0/8', action: 'Allow' }] }, 'inboundIpRules'],
    ['a custom schema without mapping', 'wrong', { inputSchema: 'CustomEventSchema' }, 'inputSchemaMapping'],
    ['a mapping for another schema', 'wrong', { inputSchemaMapping: { inputSchemaMappingType: 'Json' } }, 'inputSchemaMapping'],
    [
      'a mapping that lacks the subject',
      'wrong',
      { inputSchema: 'CustomEventSchema', inputSchemaMapping: mappingWithout('subject') },
      'subject',
    ],
    ['an unknown schema', 'wrong', { inputSchema: 'Other' }, 'inputSchema'],
  ])('R106: are refused with %s', async (...[, name, settings, named]) => {
    const refused = await refusalOf(make(name, settings));
    expect(refused).toMatchObject({ status: 400, code: 'InvalidRequest', message: expect.stringContaining(named) as string });
    expect(await refusalOf(arm.topics.get(GROUP, name))).toMatchObject({ status: 404 });
  });

  it('R106: keep the schema they were made with, and the names of resources free', async () => {
    await make('kept-schema');
    expect(await refusalOf(make('kept-schema', { inputSchema: 'CloudEventSchemaV1_0' }))).toMatchObject({ status: 400 });
    expect(await refusalOf(make('local'))).toMatchObject({ status: 409, code: 'Conflict' });
  });

  it('R106: have subscriptions as a scope and as a parent, and take them along', async () => {
    await using receiver = await EventReceiver.open();
    await make('parent');
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(topicScope('parent'), 'as-scope', toWebhook(receiver.url), QUICK);
    const child = await arm.topicEventSubscriptions.beginCreateOrUpdateAndWait(
      GROUP,
      'parent',
      'as-child',
      toWebhook(`${receiver.url}?a=b`),
      QUICK,
    );
    expect(child).toMatchObject({
      id: `${topicScope('parent')}/eventSubscriptions/as-child`,
      type: 'Microsoft.EventGrid/topics/eventSubscriptions',
    });
    expect((await all(arm.topicEventSubscriptions.list(GROUP, 'parent'))).map(({ name }) => name)).toEqual(['as-child', 'as-scope']);
    expect(await arm.topicEventSubscriptions.getFullUrl(GROUP, 'parent', 'as-child')).toEqual({ endpointUrl: `${receiver.url}?a=b` });
    expect(await arm.topicEventSubscriptions.getDeliveryAttributes(GROUP, 'parent', 'as-child')).toEqual({ value: [] });
    await arm.topicEventSubscriptions.beginUpdateAndWait(GROUP, 'parent', 'as-child', { labels: ['x'] }, QUICK);
    expect((await arm.topicEventSubscriptions.get(GROUP, 'parent', 'as-child')).labels).toEqual(['x']);
    await arm.topicEventSubscriptions.beginDeleteAndWait(GROUP, 'parent', 'as-child');
    const regional = await all(
      arm.eventSubscriptions.listRegionalByResourceGroupForTopicType(GROUP, 'westus2', 'Microsoft.EventGrid.Topics'),
    );
    expect(regional.map(({ name }) => name)).toEqual(['as-scope']);
    await arm.topics.beginDeleteAndWait(GROUP, 'parent');
    expect(await all(arm.eventSubscriptions.listRegionalBySubscription('westus2'))).toEqual([]);
    await make('parent');
    expect(await all(arm.topicEventSubscriptions.list(GROUP, 'parent'))).toEqual([]);
  });

  it('R106: are made and ended by administrators without ceremony', async () => {
    const made = await server.admin<{ endpoint: string; key1: string }>('POST', '/admin/events/topics', {
      name: 'plain',
      inputSchema: 'CloudEventSchemaV1_0',
    });
    expect(made).toMatchObject({ status: 201, body: { name: 'plain', inputSchema: 'CloudEventSchemaV1_0', topic: topicScope('plain') } });
    expect((await server.admin('POST', '/admin/events/topics', { name: 'Plain' })).status).toBe(409);
    const listed = await server.admin<{ value: object[] }>('GET', '/admin/events/topics');
    expect(listed.body.value).toContainEqual(expect.objectContaining({ name: 'plain' }));
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key1);
    expect((await server.admin('GET', '/admin/events/topics/plain')).body).toEqual(made.body);
    expect((await server.admin('DELETE', '/admin/events/topics/plain')).status).toBe(204);
    expect((await server.admin('GET', '/admin/events/topics/plain')).status).toBe(404);
  });

  it('R106: survive a restart with their keys, their subscriptions too', async () => {
    await using receiver = await EventReceiver.open();
    const first = await startServer();
    const { body } = await first.admin<{ key1: string }>('POST', '/admin/events/topics', { name: 'kept' });
    await first.admin('POST', '/admin/events/subscriptions', { name: 'kept-too', source: 'kept', endpointUrl: receiver.url });
    await first.kill();
    await using second = await startServer({ data: first.data });
    const { endpoint = '' } = await armClient(second).topics.get(GROUP, 'kept');
    await new EventGridPublisherClient(endpoint, 'EventGrid', new AzureKeyCredential(body.key1)).send([
      { eventType: 'x', subject: 'x', dataVersion: '1', data: { n: 5 } },
    ]);
    await receiver.until(() => receiver.events.length > 0);
    expect(receiver.events[0]).toMatchObject({ data: { n: 5 } });
  });
});

describe('system topics', () => {
  const type = 'Microsoft.Communication.CommunicationServices';
  const put = (name: string, source: string, more = {}) =>
    arm.systemTopics.beginCreateOrUpdateAndWait(GROUP, name, { location: 'global', source, topicType: type, ...more }, QUICK);

  it('R106: give the events of a resource another name', async () => {
    const { name: resource } = await newResource(server);
    const scope = resourceScope(resource);
    await using receiver = await EventReceiver.open();
    const made = await put('of-a-resource', scope.toUpperCase(), { tags: { a: 'b' } });
    expect(made).toMatchObject({
      name: 'of-a-resource',
      location: 'global',
      topicType: type,
      provisioningState: 'Succeeded',
      tags: { a: 'b' },
    });
    expect(made.source?.toLowerCase()).toBe(scope.toLowerCase());
    expect(await arm.systemTopics.beginUpdateAndWait(GROUP, 'of-a-resource', { tags: { c: 'd' } }, QUICK)).toMatchObject({
      tags: { c: 'd' },
    });
    expect((await all(arm.systemTopics.listBySubscription())).map(({ name }) => name)).toEqual(['of-a-resource']);
    expect((await all(arm.systemTopics.listByResourceGroup(GROUP))).map(({ name }) => name)).toEqual(['of-a-resource']);
    expect(await arm.extensionTopics.get(scope)).toMatchObject({ systemTopic: made.id });

    const below = arm.systemTopicEventSubscriptions;
    const child = await below.beginCreateOrUpdateAndWait(GROUP, 'of-a-resource', 'below', toWebhook(receiver.url), QUICK);
    expect(child).toMatchObject({ id: `${made.id ?? ''}/eventSubscriptions/below`, topic: made.source });
    expect((await below.get(GROUP, 'of-a-resource', 'below')).name).toBe('below');
    expect(await below.getFullUrl(GROUP, 'of-a-resource', 'below')).toEqual({ endpointUrl: receiver.url });
    expect(await below.getDeliveryAttributes(GROUP, 'of-a-resource', 'below')).toEqual({ value: [] });
    await below.beginUpdateAndWait(GROUP, 'of-a-resource', 'below', { labels: ['x'] }, QUICK);
    expect((await arm.eventSubscriptions.get(scope, 'below')).labels).toEqual(['x']);
    await arm.eventSubscriptions.beginCreateOrUpdateAndWait(scope, 'beside', toWebhook(receiver.url), QUICK);
    expect((await all(below.listBySystemTopic(GROUP, 'of-a-resource'))).map(({ name }) => name)).toEqual(['below', 'beside']);
    await below.beginDeleteAndWait(GROUP, 'of-a-resource', 'below');
    await arm.systemTopics.beginDeleteAndWait(GROUP, 'of-a-resource');
    await arm.systemTopics.beginDeleteAndWait(GROUP, 'of-a-resource');
    expect(await refusalOf(arm.systemTopics.get(GROUP, 'of-a-resource'))).toMatchObject({ status: 404, code: 'ResourceNotFound' });
    expect(await refusalOf(arm.eventSubscriptions.get(scope, 'beside'))).toMatchObject({ status: 404 });
  });

  it('R106: are refused for what is no resource of ours, and twice for one resource', async () => {
    const { name: resource } = await newResource(server);
    const scope = resourceScope(resource);
    expect(await refusalOf(put('wrong', resourceScope('nobody')))).toMatchObject({
      status: 400,
      message: expect.stringContaining('source') as string,
    });
    expect(await refusalOf(put('wrong', topicScope('kept-schema')))).toMatchObject({ status: 400 });
    expect(await refusalOf(put('wrong', scope, { topicType: 'Microsoft.Storage.StorageAccounts' }))).toMatchObject({ status: 400 });
    expect(await refusalOf(put('wrong', scope, { location: 'westus' }))).toMatchObject({ status: 400 });
    expect(await refusalOf(put('x', scope))).toMatchObject({ status: 400 });
    await put('first', scope);
    await put('first', scope);
    expect(await refusalOf(put('second', scope))).toMatchObject({ status: 409 });
    expect(await refusalOf(put('first', resourceScope()))).toMatchObject({ status: 400 });
  });
});

describe('types', () => {
  it('R104: of topics and events are told with the names of the service', async () => {
    const types = await all(arm.topicTypes.list());
    expect(types.map(({ name }) => name)).toEqual(['Microsoft.Communication.CommunicationServices', 'Microsoft.EventGrid.Topics']);
    const communication = await arm.topicTypes.get('microsoft.communication.communicationservices');
    expect(communication).toMatchObject({ resourceRegionType: 'GlobalResource', provider: 'Microsoft.Communication' });
    const events = await all(arm.topicTypes.listEventTypes('Microsoft.Communication.CommunicationServices'));
    const names = events.map(({ name }) => name);
    for (const name of ['SMSReceived', 'ChatMessageReceivedInThread', 'CallStarted'])
      expect(names).toContain(`Microsoft.Communication.${name}`);
    expect(events.every(({ isInDefaultSet }) => isInDefaultSet === true)).toBe(true);
    const ofResource = await all(arm.topics.listEventTypes(GROUP, 'Microsoft.Communication', 'communicationServices', 'local'));
    expect(ofResource.map(({ name }) => name)).toEqual(names);
    expect(await refusalOf(arm.topicTypes.get('Microsoft.Storage.StorageAccounts'))).toMatchObject({ status: 404 });
  });
});

function mappingWithout(name: string) {
  const properties = { eventType: { defaultValue: 'x' }, subject: { defaultValue: 'x' }, dataVersion: { defaultValue: '1' } };
  const kept = Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name));
  return { inputSchemaMappingType: 'Json', ...kept };
}
