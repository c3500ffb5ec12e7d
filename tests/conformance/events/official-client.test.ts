import { type CloudEvent, EventGridDeserializer, type EventGridEvent, isSystemEvent } from '@azure/eventgrid';
import { EVENT_CATALOGUE, EVENT_TYPES } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminChat } from '../../lib/admin-chat.ts';
import { ChatRest, threadPath } from '../../lib/chat-rest.ts';
import { type ChatUser, newUsers } from '../../lib/chat-user.ts';
import { type DeliveredEvent, EventListener } from '../../lib/event-listener.ts';
import { connectLive } from '../../lib/live-client.ts';
import { MISSPELT, publishedProblems } from '../../lib/published-events.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
});
afterAll(() => server.stop());

const SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0'] as const;
type SystemEventName = Parameters<typeof isSystemEvent>[0];

/** What the client of Microsoft reads in a delivered event. */
async function read(
  { envelope }: DeliveredEvent,
  schema: (typeof SCHEMAS)[number],
): Promise<EventGridEvent<unknown> | CloudEvent<unknown>> {
  const client = new EventGridDeserializer();
  const text = JSON.stringify(envelope);
  const [event] = schema === 'EventGridSchema' ? await client.deserializeEventGridEvents(text) : await client.deserializeCloudEvents(text);
  if (event === undefined) throw new Error('the client reads no event');
  return event;
}

/** That the client takes the event for one of its type, and that its data is what the published definition says. */
async function expectKnown(delivered: DeliveredEvent, schema: (typeof SCHEMAS)[number]): Promise<void> {
  const { type, data } = delivered;
  const event = await read(delivered, schema);
  expect('eventTime' in event ? event.eventTime : event.time).toBeInstanceOf(Date);
  expect(event.data).toEqual(data);
  expect(publishedProblems(type, event.data)).toEqual([]);
  // The client knows every name of the catalogue but the one that it misspells.
  if (type !== `${MISSPELT}d`) expect(isOfType(type as SystemEventName, event)).toBe(true);
  expect(isOfType('Microsoft.EventGrid.SubscriptionDeletedEvent', event)).toBe(false);
}

/** The client's type guard, which has an overload for each schema. */
function isOfType(name: SystemEventName, event: EventGridEvent<unknown> | CloudEvent<unknown>): boolean {
  return 'eventTime' in event ? isSystemEvent(name, event) : isSystemEvent(name, event);
}

describe.each(SCHEMAS)('R103, R108: @azure/eventgrid reads %s', (schema) => {
  it('every event of the catalogue', async () => {
    await using listener = await EventListener.open(server, { schema });
    for (const { name } of EVENT_TYPES) await server.admin('POST', '/admin/events/trigger', { type: name });
    const events = await listener.until(EVENT_TYPES.length);
    expect(events.map(({ type }) => type).sort()).toEqual(EVENT_TYPES.map(({ name }) => name).sort());
    for (const event of events) await expectKnown(event, schema);
  });

  it('every event that chat has', async () => {
    await using listener = await EventListener.open(server, { schema });
    const emitted = EVENT_CATALOGUE.Chat.filter(({ isEmitted }) => isEmitted).map(({ name }) => name);
    // The clock moves on when what was told until then is delivered.
    await Promise.all([doEverything(), listener.untilTypes(emitted)]);
    expect([...new Set(listener.events.map(({ type }) => type))].sort()).toEqual(emitted.sort());
    for (const event of listener.events) await expectKnown(event, schema);
  });
});

/** Everything in chat that has events. */
async function doEverything(): Promise<void> {
  const [ann, bob, cem] = (await newUsers(server, 3)) as [ChatUser, ChatUser, ChatUser];
  const rest = new ChatRest(server.endpoint, ann);
  const thread = await rest.createThread([bob]);
  const id = await rest.send(thread, 'Helo');
  await rest.call('PATCH', `${threadPath(thread)}/messages/${id}`, { body: { content: 'Hello' } });
  await rest.call('DELETE', `${threadPath(thread)}/messages/${id}`);
  await rest.call('POST', `${threadPath(thread)}/typing`, { body: {} });
  await rest.call('PATCH', threadPath(thread), { body: { topic: 'Dinner' } });
  await rest.add(thread, [cem]);
  await rest.remove(thread, bob);
  await rest.call('DELETE', threadPath(thread));
  const live = await connectLive(server.endpoint, bob);
  live.socket.close();
  await live.closed;
  const presence = `presence/${encodeURIComponent(bob.id)}`;
  await expect
    .poll(async () => (await new AdminChat(server).get<object>(presence)).body, { timeout: 20_000 })
    .toMatchObject({ connections: 0 });
  await server.admin('POST', '/admin/clock:advance', { by: 'PT1M' });
}
