import { Agent } from 'node:https';
import {
  AzureKeyCredential,
  AzureSASCredential,
  EventGridPublisherClient,
  type EventGridPublisherClientOptions,
  generateSharedAccessSignature,
} from '@azure/eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTopic, ORDER, type Topic, WHOLE_ORDER } from '../../lib/custom-topic.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { errorOf, jsonOf, rawRequest } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const TARGET = '/api/events?api-version=2018-01-01';

let server: TestServer;
let topic: Topic;
let host: string;
/** Leads every name to this machine, as DNS or a hosts file would. */
let agent: Agent;
beforeAll(async () => {
  server = await startServer({ args: ['--memory'] });
  topic = await newTopic(server, 'EventGridSchema', { location: 'West US 2' });
  host = `${topic.name}.westus2-1.eventgrid.azure.net`;
  agent = new Agent({ lookup: (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) });
});
afterAll(async () => {
  agent.destroy();
  await server.stop();
});

/** A client's way to have names resolved elsewhere. */
const RESOLVED: EventGridPublisherClientOptions = {
  additionalPolicies: [
    { policy: { name: 'lookup', sendRequest: (request, next) => next(Object.assign(request, { agent })) }, position: 'perCall' },
  ],
};

function publish(asked: { readonly host: string; readonly target?: string; readonly headers?: Readonly<Record<string, string>> }) {
  return rawRequest({
    endpoint: server.ready.httpEndpoint,
    method: 'POST',
    target: asked.target ?? TARGET,
    headers: { host: asked.host, 'content-type': 'application/json', 'aeg-sas-key': topic.key1, ...asked.headers },
    body: JSON.stringify([WHOLE_ORDER]),
  });
}

describe('the host of a topic', () => {
  it('R108: the stock publisher sends to it, with a key or a signature, and the event is delivered', async () => {
    await using receiver = await EventReceiver.open();
    const subscription = { name: 'by-host', source: topic.name, endpointUrl: receiver.url };
    expect((await server.admin('POST', '/admin/events/subscriptions', subscription)).status).toBe(201);
    const endpoint = `https://${host}:${new URL(server.endpoint).port}/api/events`;
    const key = new AzureKeyCredential(topic.key1);
    const signature = await generateSharedAccessSignature(endpoint, key, new Date(Date.now() + 3_600_000));
    for (const credential of [key, new AzureSASCredential(signature)]) {
      const publisher = new EventGridPublisherClient(endpoint, 'EventGrid', credential, RESOLVED);
      await publisher.send([{ ...ORDER, id: credential === key ? 'with-key' : 'with-signature' }]);
    }
    await receiver.until(() => receiver.events.length === 2);
    expect(receiver.events.map(({ id }) => id).sort()).toEqual(['with-key', 'with-signature']);
  });

  it.each([
    (name: string) => `${name}.westus2-1.eventgrid.azure.net`,
    (name: string) => `${name.toUpperCase()}.WestUS2-1.EventGrid.Azure.net:443`,
    (name: string) => `${name}.westus2-1.eventgrid.localhost:8080`,
  ])('R108: takes events in any spelling (%#)', async (hostOf) => {
    expect((await publish({ host: hostOf(topic.name) })).status).toBe(200);
    expect((await publish({ host: hostOf(topic.name), target: `/${TARGET}` })).status).toBe(200);
  });

  it.each([
    (name: string) => `${name}.eastus-1.eventgrid.azure.net`,
    (name: string) => `${name}.westus2-2.eventgrid.azure.net`,
    (name: string) => `${name}.westus2.eventgrid.azure.net`,
    (name: string) => `${name}.eventgrid.azure.net`,
    (name: string) => `${name}.westus2-1.eventgrid.azure.net.evil.example`,
    (name: string) => `x.${name}.westus2-1.eventgrid.azure.net`,
    () => 'nothing.westus2-1.eventgrid.azure.net',
    () => 'local.westus2-1.eventgrid.azure.net',
  ])('R2: another location, number, topic or domain is no host of ours (%#)', async (hostOf) => {
    const answer = await publish({ host: hostOf(topic.name) });
    expect([answer.status, errorOf(answer).target]).toEqual([404, 'Host']);
  });

  it('R147: refuses wrong keys, and keys of another topic, in the words of the service', async () => {
    const other = await newTopic(server);
    for (const key of ['AAAA', other.key1]) {
      const answer = await publish({ host, headers: { 'aeg-sas-key': key } });
      expect(answer.status).toBe(401);
      expect(jsonOf<object>(answer)).toMatchObject({ error: { code: 'Unauthorized', details: [{ code: 'Unauthorized' }] } });
    }
  });

  it.each([
    '/',
    '/health',
    '/portal/',
    '/admin/resources',
    '/admin/events/topics',
    '/identities?api-version=2023-10-01',
    '/subscriptions?api-version=2022-06-15',
    `/topics/other${TARGET}`,
    '/api/events/x',
    '/../../admin/resources',
  ])('R2: has nothing else below it: %s', async (target) => {
    const authorization = `Bearer ${server.ready.adminKey}`;
    for (const method of ['GET', 'POST']) {
      const answer = await rawRequest({ endpoint: server.ready.httpEndpoint, method, target, headers: { host, authorization } });
      expect(answer.status).toBe(404);
      expect(errorOf(answer).message).toContain('No operation');
    }
  });

  it('R2: opens no sockets', async () => {
    const headers = { host, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAA' };
    const target = '/socket.io/1/websocket/x';
    const answer = await rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target, headers });
    expect([answer.status, errorOf(answer).code]).toEqual([404, 'NotFound']);
  });

  it('R2: is none any more when its topic is deleted', async () => {
    const short = await newTopic(server, 'EventGridSchema', { location: 'westus2' });
    const asked = { host: `${short.name}.westus2-1.eventgrid.azure.net`, headers: { 'aeg-sas-key': short.key1 } };
    expect((await publish(asked)).status).toBe(200);
    await server.admin('DELETE', `/admin/events/topics/${short.name}`);
    expect((await publish(asked)).status).toBe(404);
  });
});
