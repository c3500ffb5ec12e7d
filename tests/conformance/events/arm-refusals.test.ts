import { type EventGridManagementClient } from '@azure/arm-eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armClient, callArm, refusalOf, resourceScope, SUBSCRIPTION_ID, toProperties, toWebhook } from '../../lib/arm-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { whyOf } from '../../lib/why.ts';

let server: TestServer;
let arm: EventGridManagementClient;
beforeAll(async () => {
  server = await startServer({ args: ['--memory'] });
  arm = armClient(server);
});
afterAll(() => server.stop());

describe('resource management', () => {
  const path = (rest: string): string => `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/local/providers/${rest}`;
  const topics = `${path('Microsoft.EventGrid/topics')}?api-version=2022-06-15`;

  it.each([
    ['any case of letters', topics.replace('subscriptions', 'SUBSCRIPTIONS').replace('topics', 'Topics').replace('local', 'LOCAL')],
    ['repeated slashes', `/${topics.replace('/providers', '//providers')}`],
    ['a slash behind', topics.replace('?', '/?')],
    ['another version', topics.replace('2022-06-15', '2025-02-15')],
  ])('R106: takes %s in a path', async (_, target) => {
    expect((await callArm(server, 'GET', { target })).status).toBe(200);
  });

  it.each([
    ['no version', topics.replace(/\?.*/, ''), 400, 'MissingApiVersionParameter'],
    ['an unknown version', topics.replace('2022', '2031'), 400, 'InvalidApiVersionParameter'],
    ['another subscription', topics.replace(SUBSCRIPTION_ID, 'ffffffff-0000-0000-0000-000000000000'), 404, 'ResourceNotFound'],
    ['another group', topics.replace('Groups/local', 'Groups/other'), 404, 'ResourceNotFound'],
    ['an unknown path', `${path('Microsoft.EventGrid/nothing')}?api-version=2022-06-15`, 404, 'ResourceNotFound'],
    ['a domain', `${path('Microsoft.EventGrid/domains/one')}?api-version=2022-06-15`, 501, 'NotImplemented'],
    [
      'subscriptions of a domain',
      `${path('Microsoft.EventGrid/domains/one/providers/Microsoft.EventGrid/eventSubscriptions')}?api-version=2022-06-15`,
      400,
      'InvalidRequest',
    ],
    [
      'subscriptions of a storage account',
      `${path('Microsoft.Storage/storageAccounts/one/providers/Microsoft.EventGrid/eventSubscriptions')}?api-version=2022-06-15`,
      400,
      'InvalidRequest',
    ],
    [
      'a resource that is not there',
      `${resourceScope('nobody')}/providers/Microsoft.EventGrid/eventSubscriptions?api-version=2022-06-15`,
      404,
      'ResourceNotFound',
    ],
    ['a page that is none', `${topics}&$skipToken=nothing`, 400, 'InvalidRequest'],
  ])('R106: refuses %s in its own words', async (...[, target, status, code]) => {
    const answer = await callArm(server, 'GET', { target });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    const why = await whyOf(server, { status, headers: Object.fromEntries(answer.headers), text });
    expect(why).toMatchObject({ status, cause: error.message });
  });

  it('R147: needs the admin key, over the origin of the server alone', async () => {
    expect((await callArm(server, 'GET', { target: topics, headers: { authorization: '' } })).status).toBe(401);
    const wrong = await callArm(server, 'GET', { target: topics, headers: { authorization: 'Bearer wrong' } });
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ error: { code: 'AuthenticationFailed' } });
    expect((await callArm(server, 'GET', { target: topics, headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
  });

  it.each([
    ['no destination', { filter: {} }, 'destination'],
    ['an address that is none', { destination: { endpointType: 'WebHook', properties: { endpointUrl: 'nowhere' } } }, 'endpointUrl'],
    ['an unknown kind of endpoint', { destination: { endpointType: 'EventHub', properties: {} } }, 'EventHub'],
    ['a managed identity', { deliveryWithResourceIdentity: {} }, 'deliveryWithResourceIdentity'],
    ['too many attempts', { ...toProperties('http://localhost/'), retryPolicy: { maxDeliveryAttempts: 31 } }, 'maxDeliveryAttempts'],
    [
      'the schema of custom events',
      { ...toProperties('http://localhost/'), eventDeliverySchema: 'CustomInputSchema' },
      'eventDeliverySchema',
    ],
  ])('R106: refuses a subscription with %s', async (_, properties, named) => {
    const target = `${resourceScope()}/providers/Microsoft.EventGrid/eventSubscriptions/wrong?api-version=2022-06-15`;
    const answer = await callArm(server, 'PUT', { target, body: { properties } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(named);
    expect((await callArm(server, 'GET', { target })).status).toBe(404);
  });

  it('R106: refuses a name that none can have, and a change of what is not there', async () => {
    const wrong = arm.eventSubscriptions.beginCreateOrUpdateAndWait(resourceScope(), 'no.dots', toWebhook('http://localhost/'));
    expect(await refusalOf(wrong)).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(await refusalOf(arm.eventSubscriptions.beginUpdateAndWait(resourceScope(), 'nothing', { labels: [] }))).toMatchObject({
      status: 404,
    });
    expect(await refusalOf(arm.eventSubscriptions.getFullUrl(resourceScope(), 'nothing'))).toMatchObject({ status: 404 });
    expect(await refusalOf(arm.eventSubscriptions.getDeliveryAttributes(resourceScope(), 'nothing'))).toMatchObject({ status: 404 });
  });
});
