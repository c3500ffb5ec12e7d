import type { ResourceWithKeys } from '@switchboard/contract';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, jsonOf, rawRequest } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { whyOf } from '../../lib/why.ts';

let server: TestServer;
let resource: ResourceWithKeys;
let port: string;
beforeAll(async () => {
  server = await startServer({ args: ['--public-hosts', 'acs.contoso.com'] });
  resource = await newResource(server, { name: 'contoso' });
  ({ port } = new URL(server.endpoint));
});
afterAll(() => server.stop());

describe('a resource’s own host', () => {
  it.each([
    'contoso.localhost',
    'contoso.communication.azure.com',
    'contoso.communication.azure.com:443',
    'CONTOSO.communication.azure.com',
  ])('R127: %s is served, and its signatures verify', async (host) => {
    const answer = await signedAs(host);
    expect(answer.status).toBe(201);
    expect(jsonOf<{ identity: { id: string } }>(answer).identity.id).toContain(resource.immutableResourceId);
  });

  it.each(['contoso.localhost', 'contoso.communication.azure.com', 'localhost', 'acs.contoso.com'])(
    'R127: %s has a certificate of its exact name when it is served',
    async (servername) => {
      const names = await certificateNames(servername);
      expect(names).toContain(`DNS:${servername}`);
      expect(names).not.toContain('*');
    },
  );

  it('R127: takes no key of another resource', async () => {
    const host = 'contoso.communication.azure.com';
    const wanted = { method: 'POST', path: '/identities', headers: { host }, sign: { host }, servername: host };
    const answer = await signedRequest(server.connectionString, wanted);
    expect(answer.status).toBe(401);
  });
});

describe('a public host', () => {
  it('R128: that is configured is served, and the key chooses the resource', async () => {
    const answer = await signedAs('acs.contoso.com');
    expect(answer.status).toBe(201);
    expect(jsonOf<{ identity: { id: string } }>(answer).identity.id).toContain(resource.immutableResourceId);
  });

  it('R128: signatures made for it verify behind a proxy that changes the host', async () => {
    const sign = { host: 'acs.contoso.com' };
    expect((await signedRequest(resource.primaryConnectionString, { method: 'POST', path: '/identities', sign })).status).toBe(201);
  });
});

describe('a host that is not ours', () => {
  it.each([
    'evil.example',
    'unknown.localhost',
    'unknown.communication.azure.com',
    'communication.azure.com',
    'contoso.evil.example',
    'contoso.localhost.evil.example',
    '10.0.0.1',
  ])('R2: %s is refused for every route, whatever the credentials', async (host) => {
    for (const target of ['/health', '/identities?api-version=2023-10-01', '/admin/resources', '/portal/']) {
      const headers = { host, authorization: `Bearer ${server.ready.adminKey}` };
      const answer = await rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target, headers });
      expect(answer.status).toBe(404);
      expect(errorOf(answer).target).toBe('Host');
      expect(await whyOf(server, answer)).toMatchObject({ rule: 'host.unknown' });
    }
  });

  it('R2: is no host any more when its resource is deleted', async () => {
    const { name } = await newResource(server, { name: 'short-lived' });
    const ask = () =>
      rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target: '/health', headers: { host: `${name}.localhost` } });
    expect((await ask()).status).toBe(200);
    await server.admin('DELETE', `/admin/resources/${name}`);
    expect((await ask()).status).toBe(404);
  });

  it.each([
    // A lone space: Node's client would replace an empty text.
    ['empty', ' '],
    ['ended by a dot', 'localhost.'],
    ['given twice', ['localhost', 'localhost']],
    ['no host name', 'a b'],
    ['with a path', 'localhost/admin'],
    ['with user information', 'user@localhost'],
  ])('R2: a Host header that is %s is refused as malformed', async (_, host) => {
    const answer = await rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target: '/health', headers: { host } });
    expect(answer.status).toBe(400);
  });
});

function signedAs(host: string) {
  const servername = host.replace(/:\d+$/, '').toLowerCase();
  return signedRequest(resource.primaryConnectionString, {
    method: 'POST',
    path: '/identities',
    headers: { host },
    sign: { host },
    servername,
  });
}

async function certificateNames(servername: string): Promise<string> {
  const socket = connectTls({ host: '127.0.0.1', port: Number(port), servername });
  await once(socket, 'secureConnect');
  const { subjectaltname = '' } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}
