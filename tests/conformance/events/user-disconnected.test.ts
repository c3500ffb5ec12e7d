import { expect, it } from 'vitest';
import { AdminChat } from '../../lib/admin-chat.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { connectLive, type LiveClient } from '../../lib/live-client.ts';
import { connectPolling } from '../../lib/polling-client.ts';
import { publishedProblems } from '../../lib/published-events.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const TYPE = 'Microsoft.Communication.UserDisconnected';
const VIRTUAL = ['--clock', 'virtual'];

async function subscribed(server: TestServer): Promise<EventReceiver> {
  const receiver = await EventReceiver.open();
  const body = { name: 'presence', endpointUrl: receiver.url, includedEventTypes: [TYPE] };
  expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
  return receiver;
}

const advance = (server: TestServer, by: string) => server.admin('POST', '/admin/clock:advance', { by });
const toldOf = ({ events }: EventReceiver) => events.map(({ subject }) => subject);

interface HangUp {
  readonly server: TestServer;
  readonly user: ChatUser;
  readonly left?: number;
}

/** Ends a connection, and resolves when the server knows; `left` have to be left. */
async function hangUp({ socket, closed }: LiveClient, { server, user, left = 0 }: HangUp): Promise<void> {
  socket.close();
  await closed;
  const presence = `presence/${encodeURIComponent(user.id)}`;
  const connections = async () => (await new AdminChat(server).get<{ connections: number }>(presence)).body.connections;
  await expect.poll(connections, { timeout: 20_000 }).toBe(left);
}

it('R103: a user is told to be disconnected a minute after the last live connection ended, in the published form', async () => {
  await using server = await startServer({ args: ['--memory', ...VIRTUAL] });
  await using receiver = await subscribed(server);
  const user = await newUser(server);
  await hangUp(await connectLive(server.endpoint, user), { server, user });
  await advance(server, 'PT59S');
  expect(receiver.deliveries).toEqual([]);
  await advance(server, 'PT1S');
  await receiver.until(() => receiver.events.length > 0);
  const [event] = receiver.events;
  expect(event).toMatchObject({
    eventType: TYPE,
    subject: `user/${user.id}`,
    data: { userCommunicationIdentifier: { rawId: user.id, communicationUser: { id: user.id } } },
    dataVersion: '1.0',
  });
  expect(publishedProblems(TYPE, event?.['data'])).toEqual([]);
});

it('R103: who renews the connection, has another, or comes back is not told to be gone', async () => {
  await using server = await startServer({ args: ['--memory', ...VIRTUAL] });
  await using receiver = await subscribed(server);
  const [renewing, twice, returning, gone] = await Promise.all([1, 2, 3, 4].map(() => newUser(server)));
  if (!renewing || !twice || !returning || !gone) throw new Error('no users');

  const first = await connectLive(server.endpoint, renewing);
  const { connectparams } = first.allocation;
  using _renewed = await connectLive(server.endpoint, renewing, { connectparams, registrationId: first.registrationId });
  await hangUp(first, { server, user: renewing, left: 1 });
  await connectPolling(server.endpoint, twice);
  await hangUp(await connectLive(server.endpoint, twice), { server, user: twice, left: 1 });
  await hangUp(await connectLive(server.endpoint, returning), { server, user: returning });
  await hangUp(await connectLive(server.endpoint, gone), { server, user: gone });
  await advance(server, 'PT59S');
  using _back = await connectLive(server.endpoint, returning);
  await advance(server, 'PT1S');
  await receiver.until(() => receiver.events.length > 0);
  await advance(server, 'PT5M');
  expect(toldOf(receiver)).toEqual([`user/${gone.id}`]);
});

it('R103: a restart makes nobody disconnected but those who do not return', async () => {
  using folder = new TemporaryFolder();
  const before = await startServer({ data: folder.path, args: VIRTUAL });
  await using receiver = await subscribed(before);
  const [staying, leaving] = [await newUser(before), await newUser(before)];
  using one = await connectLive(before.endpoint, staying);
  using other = await connectLive(before.endpoint, leaving);
  await before.stop();
  await Promise.all([one.closed, other.closed]);
  await using after = await startServer({ data: folder.path, args: VIRTUAL });
  using _again = await connectLive(after.endpoint, staying);
  await advance(after, 'PT1M');
  await receiver.until(() => receiver.events.length > 0);
  await advance(after, 'PT5M');
  expect(toldOf(receiver)).toEqual([`user/${leaving.id}`]);
});
