import { describe, expect, it } from 'vitest';
import { connectLatest, IDENTITY_SDKS } from '../../lib/identity-clients.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';
import { tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

const VIRTUAL = ['--clock', 'virtual'];

describe.each(IDENTITY_SDKS)('identity SDK $version', ({ connect }) => {
  it('R19: a revoked token works until the delay is over and not after', async () => {
    await using server = await startServer({ args: VIRTUAL });
    const client = connect(server.connectionString);
    const { user, token } = await client.createUserAndToken(['chat']);
    await client.revokeTokens(user);
    expect(await statusOf(server, token)).toBe(200);
    await advance(server, 'PT4M59S');
    expect(await statusOf(server, token)).toBe(200);
    await advance(server, 'PT1S');
    const answer = await tokenRequest(server.endpoint, token);
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'token.revoked' });
  });

  it('R20: a revocation ends every token issued before it and none issued later', async () => {
    await using server = await startServer({ args: VIRTUAL });
    const client = connect(server.connectionString);
    const { user, token: first } = await client.createUserAndToken(['chat']);
    const { token: second } = await client.getToken(user, ['chat', 'voip']);
    await client.revokeTokens(user);
    // Issued in the same second of a standing clock: only the order tells them apart.
    const { token: later } = await client.getToken(user, ['chat']);
    await advance(server, 'PT5M');
    expect(await Promise.all([first, second, later].map((token) => statusOf(server, token)))).toEqual([401, 401, 200]);
  });

  it('R20: with a delay of 0 the revocation is at once', async () => {
    await using server = await startServer({ args: ['--revocation-delay', '0s'] });
    const client = connect(server.connectionString);
    const { user, token } = await client.createUserAndToken(['chat']);
    const { token: bystander } = await client.createUserAndToken(['chat']);
    expect(await statusOf(server, token)).toBe(200);
    await client.revokeTokens(user);
    expect(await statusOf(server, token)).toBe(401);
    expect(await statusOf(server, bystander)).toBe(200);
    const { token: later } = await client.getToken(user, ['chat']);
    expect(await statusOf(server, later)).toBe(200);
  });
});

describe('revocation', () => {
  it('R19: a second revocation does not prolong the delay of the first', async () => {
    await using server = await startServer({ args: VIRTUAL });
    const client = connectLatest(server.connectionString);
    const { user, token: first } = await client.createUserAndToken(['chat']);
    await client.revokeTokens(user);
    await advance(server, 'PT3M');
    const { token: second } = await client.getToken(user, ['chat']);
    await client.revokeTokens(user);
    await advance(server, 'PT2M');
    expect([await statusOf(server, first), await statusOf(server, second)]).toEqual([401, 200]);
    await advance(server, 'PT3M');
    expect([await statusOf(server, first), await statusOf(server, second)]).toEqual([401, 401]);
  });

  it('R19: the delay goes on over a restart', async () => {
    using folder = new TemporaryFolder();
    let token: string;
    {
      await using server = await startServer({ data: folder.path, args: ['--revocation-delay', '1s'] });
      const client = connectLatest(server.connectionString);
      const created = await client.createUserAndToken(['chat']);
      token = created.token;
      await client.revokeTokens(created.user);
    }
    await using server = await startServer({ data: folder.path, args: VIRTUAL });
    await advance(server, 'PT1S');
    expect(await statusOf(server, token)).toBe(401);
  });

  it('R21: deleting a user ends its tokens at once, whatever the delay', async () => {
    await using server = await startServer({ args: VIRTUAL });
    const client = connectLatest(server.connectionString);
    const { user, token } = await client.createUserAndToken(['chat']);
    expect(await statusOf(server, token)).toBe(200);
    await client.deleteUser(user);
    const answer = await tokenRequest(server.endpoint, token);
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'token.identity-deleted' });
  });

  it('R18: an expired token is refused from the second of its expiry', async () => {
    await using server = await startServer({ args: VIRTUAL });
    const { token, expiresOn } = await connectLatest(server.connectionString).createUserAndToken(['chat'], { tokenExpiresInMinutes: 15 });
    await advanceTo(server, new Date(expiresOn.getTime() - 1));
    expect(await statusOf(server, token)).toBe(200);
    await advanceTo(server, expiresOn);
    const answer = await tokenRequest(server.endpoint, token);
    expect(answer.status).toBe(401);
    const why = await whyOf(server, answer);
    expect(why).toMatchObject({ rule: 'token.expired' });
    expect(why.cause).toContain(expiresOn.toISOString());
  });

  it('R19: revoking the tokens of an unknown user is answered 404', async () => {
    await using server = await startServer();
    const client = connectLatest(server.connectionString);
    const user = await client.createUser();
    await client.deleteUser(user);
    await expect(client.revokeTokens(user)).rejects.toMatchObject({ statusCode: 404 });
  });
});

async function statusOf(server: TestServer, token: string): Promise<number> {
  return (await tokenRequest(server.endpoint, token)).status;
}

async function advance(server: TestServer, by: string): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { by })).status).toBe(200);
}

async function advanceTo(server: TestServer, to: Date): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { to: to.toISOString() })).status).toBe(200);
}
