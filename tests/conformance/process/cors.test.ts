import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const PAGE = 'https://app.example';
const WANTED = 'authorization,content-type,x-ms-client-request-id,x-ms-useragent';
const PREFLIGHT = { origin: PAGE, 'access-control-request-method': 'POST', 'access-control-request-headers': WANTED };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('web pages of elsewhere', () => {
  it.each(['/chat/threads?api-version=2025-03-15', '/identities?api-version=2023-10-01', '/v4/a'])(
    'R35: may ask for %s with the headers they name',
    async (target) => {
      const { status, headers } = await rawRequest({ endpoint: server.endpoint, method: 'OPTIONS', target, headers: PREFLIGHT });
      expect(status).toBe(204);
      expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-allow-headers': WANTED });
      expect(headers['access-control-allow-methods']?.split(', ')).toEqual(expect.arrayContaining(['GET', 'POST', 'PATCH', 'DELETE']));
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    },
  );

  it('R35: read refusals too, and the ids in their headers', async () => {
    const { status, headers } = await rawRequest({
      endpoint: server.endpoint,
      method: 'GET',
      target: '/chat/threads',
      headers: { origin: PAGE },
    });
    expect(status).toBe(401);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']?.split(', ')).toEqual(
      expect.arrayContaining(['x-ms-request-id', 'x-ms-error-code', 'Retry-After']),
    );
  });

  it.each(['/admin/status', '/admin/resources', '/admin/clock:advance', '/admin', '/admin/nothing'])(
    'R25: are told nothing that lets them at %s',
    async (target) => {
      for (const endpoint of [server.endpoint, server.ready.httpEndpoint]) {
        for (const method of ['OPTIONS', 'GET', 'POST']) {
          const { status, headers } = await rawRequest({ endpoint, method, target, headers: PREFLIGHT });
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
          expect(status).toBe(403);
        }
      }
    },
  );

  it('R25: are refused by the admin API even with its key', async () => {
    const headers = { origin: PAGE, authorization: `Bearer ${server.ready.adminKey}` };
    const { status } = await rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target: '/admin/status', headers });
    expect(status).toBe(403);
  });

  it.each([PAGE, 'null', 'http://localhost.evil.example', 'file://', 'x'])(
    'R25: of origin %s are refused on the plain listener',
    async (origin) => {
      const { status } = await rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target: '/health', headers: { origin } });
      expect(status).toBe(403);
    },
  );

  it('R25: of this machine are served on the plain listener', async () => {
    const headers = { origin: 'http://localhost:3000' };
    const { status } = await rawRequest({ endpoint: server.ready.httpEndpoint, method: 'GET', target: '/health', headers });
    expect(status).toBe(200);
  });
});
