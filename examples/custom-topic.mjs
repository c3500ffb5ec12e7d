import { once } from 'node:events';
import { createServer } from 'node:http';
import { EventGridManagementClient } from '@azure/arm-eventgrid';
import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';

// Makes a custom topic, subscribes a webhook to it, publishes an event, and prints what arrives.
const { ENDPOINT = 'https://localhost:8443', ADMIN_KEY } = process.env;
const group = 'local';
const subscriptionId = '00000000-0000-0000-0000-000000000000';
const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.EventGrid/topics/orders`;

const credential = { getToken: async () => ({ token: ADMIN_KEY, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const arm = new EventGridManagementClient(credential, subscriptionId, { endpoint: ENDPOINT });

const arrived = Promise.withResolvers();
const webhook = createServer(async (request, response) => {
  const [event] = JSON.parse((await request.toArray()).join(''));
  if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
    response.end(JSON.stringify({ validationResponse: event.data.validationCode }));
  } else {
    response.end();
    arrived.resolve(event);
  }
});
await once(webhook.listen(0, '127.0.0.1'), 'listening');

const topic = await arm.topics.beginCreateOrUpdateAndWait(group, 'orders', { location: 'westus2' });
const { key1 } = await arm.topics.listSharedAccessKeys(group, 'orders');
const endpointUrl = `http://127.0.0.1:${webhook.address().port}/`;
const destination = { endpointType: 'WebHook', endpointUrl };
await arm.eventSubscriptions.beginCreateOrUpdateAndWait(scope, 'to-webhook', { destination });

const publisher = new EventGridPublisherClient(topic.endpoint, 'EventGrid', new AzureKeyCredential(key1));
await publisher.send([{ eventType: 'Orders.Placed', subject: 'orders/1', dataVersion: '1.0', data: { total: 5 } }]);

const { eventType, subject, data } = await arrived.promise;
console.log(eventType, subject, data);

await arm.topics.beginDeleteAndWait(group, 'orders');
webhook.close();
webhook.closeAllConnections();
