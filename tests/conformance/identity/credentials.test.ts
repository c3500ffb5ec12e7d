import { type Operation, OPERATIONS } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { errorOf, rawRequest } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { whyOf } from '../../lib/why.ts';

const DATA_PLANE = OPERATIONS.filter(({ auth }) => auth !== 'none' && auth !== 'admin');
const FOR_KEYS = OPERATIONS.filter(({ auth }) => auth === 'accessKey');
const FOR_TOKENS = OPERATIONS.filter(({ auth }) => auth === 'userToken');
const FOR_ADMIN = OPERATIONS.filter(({ auth }) => auth === 'admin');

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ token } = await connectLatest(server.connectionString).createUserAndToken(['chat', 'voip']));
});
afterAll(() => server.stop());

describe('credentials', () => {
  it.each(DATA_PLANE)('R25: $id without any is refused', async (operation) => {
    const answer = await call(operation);
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'auth.missing' });
  });

  it.each(FOR_TOKENS)('R26: $id takes no access key', async (operation) => {
    const answer = await signedRequest(server.connectionString, { method: operation.method, path: pathOf(operation) });
    expect(answer.status).toBe(401);
    expect(errorOf(answer).message).toContain('user access token');
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'auth.wrong-kind' });
  });

  it.each(FOR_KEYS)('R26: $id takes no user access token', async (operation) => {
    const answer = await call(operation, { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'auth.wrong-kind' });
  });

  it.each([...FOR_KEYS, ...FOR_TOKENS])('R26: $id takes no admin key', async (operation) => {
    expect((await call(operation, { authorization: `Bearer ${server.ready.adminKey}` })).status).toBe(401);
  });

  it.each(FOR_ADMIN)('R26: $id takes neither token nor access key', async (operation) => {
    expect((await call(operation)).status).toBe(401);
    expect((await call(operation, { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await signedRequest(server.connectionString, { method: operation.method, path: pathOf(operation) })).status).toBe(401);
  });

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Basic dXNlcjpwYXNz', 'HMAC-SHA256', ''])(
    'R25: the header %j lets nobody in',
    async (authorization) => {
      for (const operation of [...FOR_TOKENS, ...FOR_KEYS]) expect((await call(operation, { authorization })).status).toBe(401);
    },
  );

  it('R147: nothing but health and the public keys is open to everybody', () => {
    const open = OPERATIONS.filter(({ auth }) => auth === 'none').map(({ method, path }) => `${method} ${path}`);
    // The token in a validation URL is its credential: tests/conformance/events/handshakes.test.ts.
    const byToken = ['GET', 'POST'].map((method) => `${method} /eventSubscriptions/{eventSubscriptionName}/validate`);
    expect(open.sort()).toEqual(['GET /.well-known/jwks.json', 'GET /health', 'GET /ready', ...byToken].sort());
  });
});

function pathOf({ path }: Operation): string {
  return `${path.replaceAll(/\{\w+\}/g, 'x')}?api-version=2025-03-15`;
}

function call(operation: Operation, headers: Readonly<Record<string, string>> = {}) {
  return rawRequest({ endpoint: server.endpoint, method: operation.method, target: pathOf(operation), headers });
}
