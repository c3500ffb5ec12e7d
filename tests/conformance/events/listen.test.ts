import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { newTopic, publishBare } from '../../lib/custom-topic.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand, startCommand } from '../../lib/switchboard-command.ts';

let server: TestServer;
let rest: ChatRest;
let thread: string;
beforeAll(async () => {
  server = await startServer();
  rest = new ChatRest(server.endpoint, await newUser(server));
  thread = await rest.createThread();
});
afterAll(() => server.stop());

const args = (...more: string[]): string[] => ['listen', '--data', server.data, ...more];
const LISTENERS = '/admin/events/listeners';

describe('switchboard listen', () => {
  it('R107: forwards each event to an application and prints what that answered', async () => {
    await using application = await EventReceiver.open();
    await using listening = startCommand(
      args('--forward-to', application.url, '--types', 'ChatMessageReceivedInThread', '--name', 'forward'),
    );
    await listening.shows(/listening to ChatMessageReceivedInThread of local, forwarding to http/);
    await rest.send(thread, 'Hello');
    await listening.shows(/ChatMessageReceivedInThread {2}thread\/19:\S+ {2}→ 200 \(\d+ ms\)\n/);
    expect(application.events).toMatchObject([{ data: { messageBody: 'Hello' } }]);
    expect(application.deliveries[0]?.headers).toMatchObject({ 'aeg-event-type': 'Notification', 'aeg-subscription-name': 'FORWARD' });
    listening.signal('SIGINT');
    expect((await listening.ended).code).toBe(0);
    const { body } = await server.admin<{ value: unknown[] }>('GET', '/admin/events/subscriptions');
    expect(body.value).toEqual([]);
  });

  it('R105: tries again what the application refused', async () => {
    await using application = await EventReceiver.open();
    await using listening = startCommand(args('--forward-to', application.url, '--name', 'refusing'));
    await listening.shows(/listening/);
    application.answer = (_, response) => void response.writeHead(503);
    await rest.send(thread, 'Hello');
    await listening.shows(/→ 503/);
    const { body } = await server.admin<{ value: { deliveries: unknown[] }[] }>('GET', '/admin/events?subscription=refusing&wait=10s');
    expect(body.value[0]?.deliveries).toMatchObject([{ state: 'waiting', attemptCount: 1, attempts: [{ outcome: 'Busy', status: 503 }] }]);
  });

  it('says why an application gives no answer', async () => {
    await using listening = startCommand(args('--forward-to', 'http://127.0.0.1:1/', '--name', 'nobody'));
    await listening.shows(/listening/);
    await rest.send(thread, 'Hello');
    await listening.shows(/→ (?:connect ECONNREFUSED|bad port)/);
  });

  it('prints deliveries as JSON without an application', async () => {
    await using listening = startCommand(args('--json', '--schema', 'cloudevents', '--name', 'printing'));
    // Opened when the server lists it: nothing but events stands on standard output.
    const opened = async (): Promise<boolean> => {
      const { body } = await server.admin<{ value: { name: string }[] }>('GET', '/admin/events/subscriptions');
      return body.value.some(({ name }) => name === 'printing');
    };
    while (!(await opened()));
    await rest.send(thread, 'Hello');
    await listening.shows(/\n/);
    expect(JSON.parse(listening.out())).toMatchObject({ body: { specversion: '1.0', data: { messageBody: 'Hello' } } });
  });

  it('goes on after a restart of the server', async () => {
    let own = await startServer({ data: `${server.data}-again` });
    await using listening = startCommand(['listen', '--data', own.data]);
    await listening.shows(/listening to the events/);
    await own.kill();
    await listening.shows(/the server is away; trying again/);
    own = await startServer({ data: own.data });
    await listening.shows(/listening again/);
    const user = new ChatRest(own.endpoint, await newUser(own));
    await user.send(await user.createThread(), 'Hello');
    await listening.shows(/ChatMessageReceivedInThread/);
    await own.stop();
  });

  it.each([
    [['--forward-to', 'nonsense'], /--forward-to must be an http or https URL, not nonsense/],
    [['--schema', 'xml'], /--schema must be eventgrid or cloudevents/],
    [['--types', 'SMSReceived,sms'], /--types: there is no event type sms; "switchboard trigger --list"/],
    [['--source', 'nowhere'], /There is no resource .*'nowhere'/],
    [['--name', 'a b'], /name must have 3 to 64 letters, digits and hyphens/],
  ])('refuses %j', async (more, message) => {
    const { code, err } = await runCommand(args(...more));
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });
});

it('listens to a custom topic, whichever schema it has', async () => {
  const topic = await newTopic(server, 'CloudEventSchemaV1_0');
  await using listening = startCommand(args('--source', topic.name, '--types', 'Orders.Placed'));
  await listening.shows(/listening to Orders\.Placed of topic-/);
  const event = { specversion: '1.0', id: '1', source: '/orders', type: 'Orders.Placed', subject: 'orders/1' };
  expect((await publishBare(topic, [event], { contentType: 'application/cloudevents-batch+json' })).status).toBe(200);
  await listening.shows(/Orders\.Placed {2}orders\/1/);
});

it('several commands listen at once, each for its own events', async () => {
  await using all = startCommand(args());
  await using sms = startCommand(args('--types', 'SMSReceived'));
  await all.shows(/listening to the events of local/);
  await sms.shows(/listening to SMSReceived of local/);
  await server.admin('POST', '/admin/events/trigger', { type: 'ChatThreadDeleted' });
  await server.admin('POST', '/admin/events/trigger', { type: 'SMSReceived' });
  await all.shows(/ChatThreadDeleted/);
  await all.shows(/SMSReceived/);
  await sms.shows(/SMSReceived {2}\/phonenumber/);
  expect(sms.out()).not.toContain('ChatThreadDeleted');
});

describe('a listener', () => {
  it('R109: gets what it did not answer again, and each attempt once', async () => {
    const path = `${LISTENERS}/by-hand`;
    expect((await server.admin('PUT', path, {})).status).toBe(200);
    await rest.send(thread, 'Hello');
    const first = await server.admin<{ value: { id: string }[] }>('GET', `${path}/deliveries?wait=20s`);
    expect(first.body.value).toHaveLength(1);
    expect((await server.admin<{ value: unknown[] }>('GET', `${path}/deliveries`)).body.value).toEqual([]);
    const answer = `${path}/deliveries/${first.body.value[0]?.id ?? ''}:answer`;
    expect((await server.admin('POST', answer, { status: 200 })).status).toBe(204);
    expect(await server.admin('POST', answer, { status: 200 })).toMatchObject({ status: 404, body: { error: { target: 'deliveryId' } } });
    expect((await server.admin('DELETE', path)).status).toBe(204);
    expect(await server.admin('GET', `${path}/deliveries`)).toMatchObject({ status: 404, body: { error: { target: 'listenerName' } } });
  });

  it('that nobody asks holds up no clock', async () => {
    await using own = await startServer({ args: ['--memory', '--clock', 'virtual'] });
    await own.admin('PUT', `${LISTENERS}/nobody`, {});
    await own.admin('POST', '/admin/events/trigger', { type: 'SMSReceived' });
    expect((await own.admin('POST', '/admin/clock:advance', { by: 'PT1H' })).status).toBe(200);
    const { body } = await own.admin<{ value: { deliveries: { attempts: unknown[] }[] }[] }>('GET', '/admin/events?subscription=nobody');
    expect(body.value[0]?.deliveries[0]?.attempts).toContainEqual(
      expect.objectContaining({ outcome: 'Disabled', detail: 'nobody listens' }),
    );
  });

  it('does not take the name of another subscription', async () => {
    await using receiver = await EventReceiver.open();
    await server.admin('POST', '/admin/events/subscriptions', { name: 'taken', endpointUrl: receiver.url });
    expect((await server.admin('PUT', `${LISTENERS}/Taken`, {})).status).toBe(409);
  });
});
