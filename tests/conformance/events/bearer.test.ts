import { expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { OidcIssuer } from '../../lib/oidc-issuer.ts';
import { startServer } from '../../lib/server.ts';

const properties = { azureActiveDirectoryTenantId: 'tenant', azureActiveDirectoryApplicationIdOrUri: 'api://hook' };
const filter = { includedEventTypes: ['Microsoft.Communication.ChatMessageReceivedInThread'] };

it('a webhook protected by a directory gets a token, which is kept, and another one when it refuses it', async () => {
  await using issuer = await OidcIssuer.start();
  await using receiver = await EventReceiver.open();
  const args = ['--memory', '--event-token-issuer', issuer.url, '--event-client-id', 'switchboard'];
  await using server = await startServer({ args, env: { SWITCHBOARD_EVENT_CLIENT_SECRET: 'secret' } });
  const destination = { endpointType: 'WebHook', properties: { ...properties, endpointUrl: receiver.url } };
  expect(await server.admin('POST', '/admin/events/subscriptions', { name: 'protected', destination, filter })).toMatchObject({
    status: 201,
  });
  receiver.answer = ({ headers }, response) => void response.writeHead(headers.authorization === 'Bearer token-1' ? 401 : 200);
  const rest = new ChatRest(server.endpoint, await newUser(server));
  const thread = await rest.createThread();
  await rest.send(thread, 'One');
  await receiver.until(() => receiver.deliveries.length === 2);
  await rest.send(thread, 'Two');
  await receiver.until(() => receiver.deliveries.length === 3);
  expect(receiver.deliveries.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
});

it('a webhook that asks for tokens is refused where no issuer is set', async () => {
  await using server = await startServer({ args: ['--memory'] });
  const destination = { endpointType: 'WebHook', properties: { ...properties, endpointUrl: 'http://127.0.0.1:9/hook' } };
  expect(await server.admin('POST', '/admin/events/subscriptions', { name: 'protected', destination })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('eventTokenIssuer') as unknown } },
  });
});
