import type { LoggedEvent } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';

const TYPE = 'Microsoft.Communication.ChatMessageReceivedInThread';

let server: TestServer;
let rest: ChatRest;
let thread: string;
let receiver: EventReceiver;
let other: EventReceiver;
beforeAll(async () => {
  server = await startServer();
  rest = new ChatRest(server.endpoint, await newUser(server));
  thread = await rest.createThread();
  receiver = await EventReceiver.open();
  other = await EventReceiver.open();
  const body = { name: 'hook', endpointUrl: receiver.url, includedEventTypes: [TYPE] };
  expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
  const wants = { name: 'other', endpointUrl: other.url, includedEventTypes: ['Microsoft.Communication.SMSReceived'] };
  expect((await server.admin('POST', '/admin/events/subscriptions', wants)).status).toBe(201);
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await server.stop();
});

/** Sends a message. @returns its event, when it was delivered */
async function delivered(text: string): Promise<LoggedEvent> {
  await rest.send(thread, text);
  const path = `/admin/events?type=chatmessagereceivedinthread&state=delivered&match=${text}&wait=20s`;
  const { body } = await server.admin<{ value: LoggedEvent[] }>('GET', path);
  return body.value[0]!;
}

describe('the event log', () => {
  it('tells every attempt and what was answered', async () => {
    receiver.answer = (_, response) => void response.end('stored');
    const { event, deliveries, source } = await delivered('logged');
    expect({ event, source }).toMatchObject({ source: 'local', event: { eventType: TYPE, data: { messageBody: 'logged' } } });
    expect(deliveries).toMatchObject([
      { subscription: 'hook', state: 'delivered', attempts: [{ outcome: 'Delivered', status: 200, detail: 'stored' }] },
    ]);
  });

  it('remembers events that nobody wants, on a developer machine', async () => {
    await rest.createThread([], 'unwanted');
    await rest.send(thread, 'found');
    const { body } = await server.admin<{ value: LoggedEvent[] }>('GET', '/admin/events?match=/"messageBody":"f.und"/&wait=20s');
    expect(body.value.length).toBeGreaterThan(0);
  });

  it('waits for several', async () => {
    const waiting = server.admin<{ value: LoggedEvent[] }>(
      'GET',
      '/admin/events?match=several&type=ChatMessageReceivedInThread&count=3&wait=20s',
    );
    for (const n of [1, 2, 3]) await rest.send(thread, `several ${n}`);
    expect((await waiting).body.value).toHaveLength(3);
  });

  it.each(['since=yesterday', 'match=/(/', 'wait=5h', 'limit=0', 'source=nowhere'])('refuses %s', async (query) => {
    const { status, body } = await server.admin<{ error: { target: string } }>('GET', `/admin/events?${query}`);
    expect([400, 404]).toContain(status);
    expect(body.error.target).toBe(query.split('=')[0]);
  });
});

describe('a replay', () => {
  it('R109: delivers the same event again', async () => {
    const { event } = await delivered('again');
    const seen = receiver.deliveries.length;
    const { status } = await server.admin('POST', `/admin/events/${event.id}:replay`);
    expect(status).toBe(201);
    await receiver.until(() => receiver.deliveries.length > seen);
    expect(receiver.events.at(-1)).toEqual(event);
    const { body } = await server.admin<{ value: LoggedEvent[] }>('GET', `/admin/events?id=${event.id}`);
    expect(body.value).toMatchObject([{ event, deliveries: [{ subscription: 'hook' }, { subscription: 'hook' }] }]);
    const [first, again] = body.value[0]!.deliveries;
    expect([first?.replayedAt, Date.parse(again?.replayedAt ?? '')]).toEqual([undefined, expect.any(Number)]);
    expect(Date.parse(again?.replayedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(event.eventTime));
  });

  it('delivers a changed event as a new one', async () => {
    const { event } = await delivered('changed');
    const seen = receiver.deliveries.length;
    const body = { subject: 'thread/x', data: { messageBody: 'other' } };
    const { body: replayed } = await server.admin<LoggedEvent>('POST', `/admin/events/${event.id}:replay`, body);
    expect(replayed.event).toMatchObject(body);
    expect(replayed.event.id).not.toBe(event.id);
    await receiver.until(() => receiver.deliveries.length > seen);
    expect(receiver.events.at(-1)).toEqual(replayed.event);
  });

  it('goes to one subscription, whatever its filter says', async () => {
    const { event } = await delivered('pointed');
    await server.admin('POST', `/admin/events/${event.id}:replay`, { subscription: 'other' });
    await other.until(() => other.events.length > 0);
    expect(other.events).toEqual([event]);
  });

  it('is refused for what is not there', async () => {
    const { event } = await delivered('refused');
    expect(await server.admin('POST', '/admin/events/nothing:replay')).toMatchObject({
      status: 404,
      body: { error: { target: 'eventId' } },
    });
    const unknown = await server.admin('POST', `/admin/events/${event.id}:replay`, { subscription: 'nobody' });
    expect(unknown).toMatchObject({ status: 404, body: { error: { target: 'name' } } });
  });
});

describe('switchboard events', () => {
  it('lists, shows and replays', async () => {
    const { event } = await delivered('terminal');
    const data = ['--data', server.data];
    const listed = await runCommand(['events', '--match', 'terminal', '--type', 'ChatMessageReceivedInThread', ...data]);
    expect(listed.out).toMatch(/^TIME +ID +TYPE +SUBJECT +DELIVERIES\n/);
    expect(listed.out).toContain(`${event.id}  ChatMessageReceivedInThread  ${event.subject}  hook: delivered (200)`);
    expect(JSON.parse((await runCommand(['events', 'show', event.id, ...data])).out)).toMatchObject({ event });
    expect((await runCommand(['events', 'replay', event.id, ...data])).out).toBe(`${event.id} is on its way\n`);
    expect((await runCommand(['events', '--match', 'terminal', ...data])).out).toContain('hook: delivered (200), hook, replay: ');
    const unknown = await runCommand(['events', 'show', 'nothing', ...data]);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain("no event 'nothing'");
    expect(await runCommand(['events', 'replay', event.id, '--event-data', '{', ...data])).toMatchObject({ code: 2 });
  });

  it('waits, and fails when nothing comes', async () => {
    expect(await runCommand(['events', '--match', 'never', '--wait', '1s', '--data', server.data])).toMatchObject({
      code: 1,
      out: 'no such events\n',
    });
  });
});

it('tells those who watch the log of each change', async () => {
  type Answer = { readonly value: LoggedEvent[]; readonly revision: number };
  const { body: before } = await server.admin<Answer>('GET', '/admin/events?limit=1');
  const waiting = server.admin<Answer>('GET', `/admin/events?match=watched&after=${before.revision}&wait=20s`);
  await rest.send(thread, 'watched');
  const { body: after } = await waiting;
  expect(after.revision).toBeGreaterThan(before.revision);
  // One that has been missed is told at once.
  const { body: again } = await server.admin<Answer>('GET', `/admin/events?after=${before.revision}&wait=20s&limit=1`);
  expect(again.revision).toBeGreaterThanOrEqual(after.revision);
});
