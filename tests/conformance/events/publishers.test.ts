import { AzureKeyCredential, AzureSASCredential, EventGridPublisherClient, generateSharedAccessSignature } from '@azure/eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callArm, refusalOf, topicScope } from '../../lib/arm-client.ts';
import {
  newTopic,
  ORDER,
  OVER_HTTP,
  publishBare,
  publisherOf,
  signatureOf,
  type Topic,
  usDate,
  WHOLE_ORDER,
} from '../../lib/custom-topic.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--clock', 'virtual'] });
  // What publishers sign is judged by real time all the same.
  await server.admin('POST', '/admin/clock:advance', { by: 'P30D' });
});
afterAll(() => server.stop());

describe('who may publish', () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  it('R147: either key, or a signature made with one', async () => {
    const topic = await newTopic(server);
    await publisherOf(topic, topic.key1).send([ORDER]);
    await publisherOf(topic, topic.key2).send([ORDER]);
    for (const key of [topic.key1, topic.key2]) {
      const signature = await generateSharedAccessSignature(topic.endpoint, new AzureKeyCredential(key), inAnHour());
      await new EventGridPublisherClient(topic.endpoint, 'EventGrid', new AzureSASCredential(signature), OVER_HTTP).send([ORDER]);
    }
  });

  it('R147: over HTTPS as well', async () => {
    const { name, key1 } = await newTopic(server);
    await new EventGridPublisherClient(`${server.endpoint}topics/${name}/api/events`, 'EventGrid', new AzureKeyCredential(key1)).send([
      ORDER,
    ]);
  });

  it.each([
    ['no credential', (): Record<string, string> => ({ 'aeg-sas-key': '' })],
    ['a wrong key', () => ({ 'aeg-sas-key': 'AAAA' })],
    ['the admin key', () => ({ 'aeg-sas-key': server.ready.adminKey })],
    ['a signature without parts', () => ({ 'aeg-sas-token': 'r=x' })],
    [
      'a signature that expired a second ago',
      (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic, { expiry: usDate(Date.now() - 1_000) }) }),
    ],
    ['a signature without a date', (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic, { expiry: 'never' }) })],
    [
      'a signature for another topic',
      (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic, { endpoint: topic.endpoint.replace('topic-', 'topic-x') }) }),
    ],
    ['a signature for no address', (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic, { endpoint: 'nowhere' }) })],
    ['a signature with another key', (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic, { key: 'AAAA' }) })],
    ['an edited signature', (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic).replace('&e=', '&e=1') })],
    ['a broken escape', (topic: Topic) => ({ 'aeg-sas-token': signatureOf(topic).replace('&s=', '&s=%zz') })],
  ])('R147: not %s', async (_, credential) => {
    const topic = await newTopic(server);
    const given = credential(topic);
    const answer = await publishBare(topic, [WHOLE_ORDER], { credential: given });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'Unauthorized', details: [{ code: 'Unauthorized' }] } });
  });

  it.each([
    ['as .NET writes it', usDate],
    ['as Node writes it', (ms: number) => new Date(ms).toLocaleString('en-US', { timeZone: 'UTC' })],
    ['in ISO 8601', (ms: number) => new Date(ms).toISOString()],
  ])('R147: a date of expiry is read %s', async (_, write) => {
    const topic = await newTopic(server);
    const token = (ms: number): string => signatureOf(topic, { expiry: write(ms) });
    const send = async (ms: number) =>
      (await publishBare(topic, [WHOLE_ORDER], { credential: { 'aeg-sas-key': topic.key1, 'aeg-sas-token': token(ms) } })).status;
    // With a key beside it the key counts.
    expect(await send(Date.now() - 60_000)).toBe(200);
    const alone = (ms: number) => publishBare(topic, [WHOLE_ORDER], { credential: { 'aeg-sas-token': token(ms) } });
    expect((await alone(Date.now() + 60_000)).status).toBe(200);
    expect((await alone(Date.now() - 60_000)).status).toBe(401);
  });

  it('R147: nobody with a key where keys are switched off, and nobody where no topic is', async () => {
    const topic = await newTopic(server);
    const body = { properties: { disableLocalAuth: true } };
    const patched = await callArm(server, 'PATCH', { target: `${topicScope(topic.name)}?api-version=2022-06-15`, body });
    expect(patched.status).toBe(200);
    expect(await refusalOf(publisherOf(topic).send([ORDER]))).toMatchObject({ status: 401 });
    const nowhere = { ...topic, endpoint: topic.endpoint.replace(topic.name, 'nowhere') };
    expect(await refusalOf(publisherOf(nowhere).send([ORDER]))).toMatchObject({ status: 404 });
  });

  it('R147: keys and signatures are shown nowhere', async () => {
    const topic = await newTopic(server);
    const token = signatureOf(topic);
    const answer = await publishBare(topic, [WHOLE_ORDER], { credential: { 'aeg-sas-key': topic.key1, 'aeg-sas-token': token } });
    const { body } = await server.admin<object>('GET', `/admin/requests/${answer.headers.get('x-ms-request-id') ?? ''}`);
    const all = JSON.stringify([body, (await server.admin<object>('GET', '/admin/requests?limit=1000')).body]) + server.log;
    for (const secret of [topic.key1, topic.key2, token]) expect(all).not.toContain(secret);
  });
});
