import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver, type Received } from '../../lib/event-receiver.ts';
import { OidcIssuer } from '../../lib/oidc-issuer.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const SUBSCRIPTIONS = '/admin/events/subscriptions';

let issuer: OidcIssuer;
let server: TestServer;
beforeAll(async () => {
  issuer = await OidcIssuer.start();
  server = await startServer(settingsOf(issuer.url));
});
afterAll(async () => {
  await server.stop();
  await issuer[Symbol.asyncDispose]();
});

function settingsOf(tokenIssuer: string) {
  const args = ['--memory', '--event-token-issuer', tokenIssuer, '--event-client-id', 'switchboard'];
  return { args, env: { SWITCHBOARD_EVENT_CLIENT_SECRET: 'secret' } };
}

/** Each application has tokens of its own. */
const destinationOf = ({ url }: EventReceiver, application: string) => ({
  endpointType: 'WebHook',
  properties: { azureActiveDirectoryTenantId: 'tenant', azureActiveDirectoryApplicationIdOrUri: application, endpointUrl: url },
});
const filter = { includedEventTypes: ['Microsoft.Communication.ChatMessageReceivedInThread'] };
const subscribe = (body: object, at = server) => at.admin('POST', SUBSCRIPTIONS, { filter, ...body });
const tokensOf = (all: readonly Received[]) => all.map(({ headers }) => headers.authorization);

it('R107: a webhook protected by a directory gets a token with all it is sent, and another one when it refuses it', async () => {
  await using receiver = await EventReceiver.open();
  expect((await subscribe({ name: 'protected', destination: destinationOf(receiver, 'api://hook') })).status).toBe(201);
  const [first] = tokensOf(receiver.handshakes);
  expect(first).toMatch(/^Bearer token-\d+$/);
  receiver.answer = ({ headers }, response) => void response.writeHead(headers.authorization === first ? 401 : 200);
  const rest = new ChatRest(server.endpoint, await newUser(server));
  const thread = await rest.createThread();
  await rest.send(thread, 'One');
  await receiver.until(() => receiver.deliveries.length === 2);
  await rest.send(thread, 'Two');
  await receiver.until(() => receiver.deliveries.length === 3);
  await server.admin('DELETE', `${SUBSCRIPTIONS}/protected`);
  await receiver.until(() => receiver.deliveries.length === 4);
  const [refused, second, ...kept] = tokensOf(receiver.deliveries);
  expect(refused).toBe(first);
  expect(second).not.toBe(first);
  expect(kept).toEqual([second, second]);
  expect(receiver.deliveries.at(-1)?.headers['aeg-event-type']).toBe('SubscriptionDeletion');
});

it('R107: OPTIONS comes with a token too, and with another one when the first is refused', async () => {
  await using receiver = await EventReceiver.open();
  receiver.consent = (_, response) => {
    if (receiver.handshakes.length === 1) response.writeHead(401).end();
    else response.setHeader('WebHook-Allowed-Origin', '*').end();
  };
  const body = { name: 'cloudy', schema: 'CloudEventSchemaV1_0', destination: destinationOf(receiver, 'api://cloudy') };
  expect(await subscribe(body)).toMatchObject({ status: 201, body: { provisioningState: 'Succeeded' } });
  expect(receiver.handshakes.map(({ method }) => method)).toEqual(['OPTIONS', 'OPTIONS']);
  const [refused, taken] = tokensOf(receiver.handshakes);
  expect(taken).toMatch(/^Bearer token-\d+$/);
  expect(taken).not.toBe(refused);
});

it.each([
  ['is not there', 'http://127.0.0.1:9', 'nothing listens there'],
  ['is no directory', () => `${issuer.url}/elsewhere`, 'it answered 404'],
])('a webhook that asks for tokens is refused when the issuer %s, and the refusal says so', async (_what, url, why) => {
  await using receiver = await EventReceiver.open();
  await using lost = await startServer(settingsOf(typeof url === 'string' ? url : url()));
  const refusal = await subscribe({ name: 'protected', destination: destinationOf(receiver, 'api://hook') }, lost);
  const message = expect.stringContaining(`the token issuer gave no token for it: ${why}`) as unknown;
  expect(refusal).toMatchObject({ status: 400, body: { error: { message } } });
  expect(receiver.handshakes).toEqual([]);
});

it('a webhook that asks for tokens is refused where no issuer is set', async () => {
  await using receiver = await EventReceiver.open();
  await using plain = await startServer({ args: ['--memory'] });
  expect(await subscribe({ name: 'protected', destination: destinationOf(receiver, 'api://hook') }, plain)).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('eventTokenIssuer') as unknown } },
  });
});
