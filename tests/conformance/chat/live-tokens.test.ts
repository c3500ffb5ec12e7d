import { CommunicationIdentityClient } from '@azure/communication-identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal } from '../../lib/chat-rest.ts';
import { type ChatUser, freshToken, newUser, revokeTokens } from '../../lib/chat-user.ts';
import { allocate, connectLive, type LiveClient, openSocket } from '../../lib/live-client.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const UNAUTHORIZED = '0:::{"reason":"unauthorized"}';

async function advance(server: TestServer, by: string): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { by })).status).toBe(200);
}

async function expectOpen(live: LiveClient): Promise<void> {
  expect(await live.emit('ping')).toContain('pong');
}

async function expectEnded(live: LiveClient): Promise<void> {
  expect(await live.closed).toMatchObject({ code: 1008 });
  expect(live.packets.all.at(-1)).toBe(UNAUTHORIZED);
}

describe('tokens that end', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ args: ['--clock', 'virtual'] });
    // Tokens end on whole seconds: so that five minutes are five minutes.
    const { body: clock } = await server.admin<{ now: string }>('GET', '/admin/clock');
    const to = new Date(Math.ceil(Date.parse(clock.now) / 1000) * 1000).toISOString();
    expect((await server.admin('POST', '/admin/clock:set', { to })).status).toBe(200);
  });

  afterAll(() => server.stop());

  it('R18: expiry closes the socket and is a 401 everywhere; a fresh token comes back', async () => {
    const user = await newUser(server, { expiresInMinutes: 5 });
    using live = await connectLive(server.endpoint, user);
    expect(live.allocation.ttl).toBe('300');
    const rest = new ChatRest(server.endpoint, user);
    const threadId = await rest.createThread();
    await advance(server, '299s');
    await expectOpen(live);
    expect((await rest.call('GET', '/chat/threads')).status).toBe(200);

    await advance(server, '1s');
    await expectEnded(live);
    expectRefusal(await rest.call('GET', '/chat/threads'), { status: 401, code: 'Unauthorized' });
    await expect(allocate(server.endpoint, user)).rejects.toThrow('answered 401');
    await expect(openSocket(server.endpoint, live.allocation)).rejects.toThrow('answered 401');
    expect((await live.register(user)).status).toBe(401);

    const renewed = await freshToken(server, user);
    using again = await connectLive(server.endpoint, renewed, { connectparams: live.allocation.connectparams });
    await new ChatRest(server.endpoint, renewed).send(threadId, 'Back');
    expect(await again.event(200, threadId)).toMatchObject({ messageBody: 'Back' });
  });

  it('R23: a registration with a newer token carries a connection across the expiry, and no message is missed', async () => {
    const user = await newUser(server, { expiresInMinutes: 5 });
    using live = await connectLive(server.endpoint, user);
    const writer = new ChatRest(server.endpoint, await newUser(server));
    const threadId = await writer.createThread([user]);
    await writer.send(threadId, 'Before');
    await advance(server, '270s');
    const renewed = await freshToken(server, user, { expiresInMinutes: 60 });
    expect((await live.register(renewed)).ok).toBe(true);
    await advance(server, '31s');
    await writer.send(threadId, 'After');
    await live.pushes.take(({ event }) => event['messageBody'] === 'After');
    expect(live.texts()).toEqual(['Before', 'After']);
    await advance(server, '3568s');
    await expectOpen(live);
    await advance(server, '1s');
    await expectEnded(live);
  });

  it('R18: a registration with an older token neither ends nor extends the connection', async () => {
    const older = await newUser(server, { expiresInMinutes: 5 });
    const newer = await freshToken(server, older, { expiresInMinutes: 60 });
    using live = await connectLive(server.endpoint, newer);
    await live.register(older);
    await advance(server, '6m');
    await expectOpen(live);
    await advance(server, '54m');
    await expectEnded(live);
  });

  it('R19: a revoked token’s socket lives until the delay of 5 minutes is over and not after', async () => {
    const user = await newUser(server);
    using live = await connectLive(server.endpoint, user);
    await revokeTokens(server, user);
    await advance(server, '299s');
    await expectOpen(live);
    await advance(server, '1s');
    await expectEnded(live);
    await expect(allocate(server.endpoint, user)).rejects.toThrow('answered 401');
    await expect(openSocket(server.endpoint, live.allocation)).rejects.toThrow('answered 401');
  });

  it('R20: sockets of tokens issued after the revocation live on', async () => {
    const old = await newUser(server);
    using ending = await connectLive(server.endpoint, old);
    await revokeTokens(server, old);
    const renewed = await freshToken(server, old);
    using living = await connectLive(server.endpoint, renewed);
    using changed = await connectLive(server.endpoint, old);
    await changed.register(await freshToken(server, old, { expiresInMinutes: 1440 }));
    await advance(server, '5m');
    await expectEnded(ending);
    await expectOpen(living);
  });

  it('R20: a connection that a newer token renewed after the revocation lives on', async () => {
    const old = await newUser(server, { expiresInMinutes: 60 });
    using live = await connectLive(server.endpoint, old);
    await revokeTokens(server, old);
    await live.register(await freshToken(server, old, { expiresInMinutes: 120 }));
    await advance(server, '6m');
    await expectOpen(live);
  });

  it('R20: a connection renewed after the revocation by a token that ends sooner lives as long as that token', async () => {
    const old = await newUser(server, { expiresInMinutes: 120 });
    using live = await connectLive(server.endpoint, old);
    await revokeTokens(server, old);
    await live.register(await freshToken(server, old, { expiresInMinutes: 60 }));
    await advance(server, '6m');
    await expectOpen(live);
    await advance(server, '54m');
    await expectEnded(live);
  });
});

describe('tokens that are ended at once', () => {
  let server: TestServer;
  let user: ChatUser;
  let live: LiveClient;

  beforeAll(async () => {
    server = await startServer({ args: ['--revocation-delay', '0s'] });
  });

  afterAll(() => server.stop());

  async function connect(resource?: string): Promise<void> {
    user = await newUser(server, resource === undefined ? {} : { resource });
    live = await connectLive(server.endpoint, user);
  }

  it('R19: revocation without delay closes the socket', async () => {
    await connect();
    using other = await connectLive(server.endpoint, await newUser(server));
    await revokeTokens(server, user);
    await expectEnded(live);
    await expectOpen(other);
    using again = await connectLive(server.endpoint, await freshToken(server, user));
    await expectOpen(again);
  });

  it('R21: deleting the user closes the socket', async () => {
    await connect();
    await new CommunicationIdentityClient(server.connectionString).deleteUser({ communicationUserId: user.id });
    await expectEnded(live);
    await expect(openSocket(server.endpoint, live.allocation)).rejects.toThrow('answered 401');
  });

  it('R6: a new access key closes the sockets of the old one’s tokens', async () => {
    const { name } = await newResource(server);
    await connect(name);
    expect((await server.admin('POST', `/admin/resources/${name}/:regenerateKey`, { keyType: 'primary' })).status).toBe(200);
    await expectEnded(live);
  });

  it('R7: deleting the resource closes the socket', async () => {
    const { name } = await newResource(server);
    await connect(name);
    expect((await server.admin('DELETE', `/admin/resources/${name}`)).status).toBe(204);
    await expectEnded(live);
  });
});
