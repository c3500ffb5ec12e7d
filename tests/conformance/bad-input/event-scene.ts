import { callArm, GROUP, resourceScope, SUBSCRIPTION_ID, topicScope, toProperties } from '../../lib/arm-client.ts';
import type { Ground } from './ground.ts';

/** Names of what every scene finds; what a test has deleted is made again. */
const TOPIC = 'ground';
const SYSTEM_TOPIC = 'ground-system';
const EVENT_SUBSCRIPTION = 'ground-subscription';
const LISTENER = 'ground-listener';
const VERSION = '?api-version=2022-06-15';

/** Things about events: a topic with its key, a system topic, subscriptions, a listener, an event. @returns path parameters */
export async function eventScene(ground: Ground): Promise<Record<string, string>> {
  const { server } = ground;
  const source = resourceScope();
  const systemTopic = topicScope(SYSTEM_TOPIC).replace('/topics/', '/systemTopics/');
  const [operationId, triggered] = await Promise.all([
    put(ground, topicScope(TOPIC), { properties: {} }).then(() => subscribe(ground, topicScope(TOPIC))),
    server.admin<{ value: { id: string }[] }>('POST', '/admin/events/trigger', { type: 'SMSReceived' }),
    put(ground, systemTopic, { location: 'global', properties: { source } }),
    subscribe(ground, source),
    // It gets nothing: what is under way to a listener holds up a virtual clock.
    server.admin('PUT', `/admin/events/listeners/${LISTENER}`, { filter: { includedEventTypes: ['CallStarted'] } }),
  ]);
  const { body: topic } = await server.admin<{ key1: string }>('GET', `/admin/events/topics/${TOPIC}`);
  ground.topic = { name: TOPIC, key1: topic.key1 };
  ground.secrets.add(topic.key1);
  return {
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroupName: GROUP,
    providerNamespace: 'Microsoft.Communication',
    resourceTypeName: 'communicationServices',
    resourceName: 'local',
    scope: source,
    location: 'global',
    topicKind: 'topics',
    topicName: TOPIC,
    topicTypeName: 'Microsoft.EventGrid.Topics',
    systemTopicName: SYSTEM_TOPIC,
    eventSubscriptionName: EVENT_SUBSCRIPTION,
    subscriptionName: EVENT_SUBSCRIPTION,
    operationId,
    listenerName: LISTENER,
    eventId: triggered.body.value[0]?.id ?? '',
  };
}

/** Bodies of operations about events, whose meaning a schema does not tell. */
export function eventBodies({ receiver }: Ground): Readonly<Record<string, () => unknown>> {
  const properties = toProperties(receiver.url);
  const event = { id: '1', eventType: 'x', subject: 'x', eventTime: '2026-01-01T00:00:00Z', dataVersion: '1', data: {} };
  return {
    Admin_CreateEventSubscription: () => ({ name: `sub-${crypto.randomUUID()}`, endpointUrl: receiver.url }),
    Admin_CreateEventTopic: () => ({ name: `topic-${crypto.randomUUID()}` }),
    Admin_TriggerEvents: () => ({ type: 'SMSReceived' }),
    EventGrid_PublishEvents: () => [event],
    EventSubscriptions_CreateOrUpdate: () => ({ properties }),
    TopicEventSubscriptions_CreateOrUpdate: () => ({ properties }),
    Topics_RegenerateKey: () => ({ keyName: 'key2' }),
  };
}

async function put({ server }: Ground, id: string, body: object): Promise<Response> {
  const answer = await callArm(server, 'PUT', { target: `${id}${VERSION}`, body });
  if (!answer.ok) throw new Error(`${id} was refused: ${await answer.text()}`);
  return answer;
}

/** Resolves when the handshake is over. @returns the id of the operation */
async function subscribe(ground: Ground, scope: string): Promise<string> {
  const id = `${scope}/providers/Microsoft.EventGrid/eventSubscriptions/${EVENT_SUBSCRIPTION}`;
  const begun = await put(ground, id, { properties: toProperties(ground.receiver.url) });
  const { pathname: operation } = new URL(begun.headers.get('azure-asyncoperation') ?? '');
  for (;;) {
    const answer = await callArm(ground.server, 'GET', { target: `${operation}${VERSION}` });
    const { status } = (await answer.json()) as { readonly status: string };
    if (status !== 'InProgress') return operation.slice(operation.lastIndexOf('/') + 1);
  }
}
