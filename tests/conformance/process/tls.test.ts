import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, rawRequest } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('R121: %s is spoken', async (version) => {
    const socket = await handshake({ minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  });

  it.each(['TLSv1', 'TLSv1.1'] satisfies SecureVersion[])('R121: %s is refused by the server', async (version) => {
    // Level 0 lets the client offer what it would not by itself, so that the refusal is the server's.
    const offer = handshake({ minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
    await expect(offer).rejects.toMatchObject({ code: expect.stringMatching(/ALERT_PROTOCOL_VERSION|ECONNRESET/) as string });
  });

  it('R121: plain HTTP on its port is answered in plain HTTP, with what to do', async () => {
    const endpoint = server.endpoint.replace('https:', 'http:');
    const answer = await rawRequest({ endpoint, method: 'POST', target: '/chat/threads?api-version=2025-03-15', body: '{"topic":"x"}' });
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'BadRequest', message: 'This port speaks HTTPS, and the request is plain HTTP.' });
    const { body } = await server.admin('GET', `/admin/requests/${answer.headers['x-ms-request-id'] as string}`);
    expect(JSON.stringify(body)).toContain('https://');
    (await handshake({})).destroy();
  });

  it('R121: a client that does not know the authority trusts nothing', async () => {
    await expect(handshake({ ca: [] })).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('R121: the file for clients holds no key, and every key is readable for its owner only', () => {
    const folder = join(server.data, 'tls');
    expect(server.ready.caFile).toBe(join(folder, 'ca.pem'));
    expect(readFileSync(server.ready.caFile, 'utf8')).not.toContain('PRIVATE KEY');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    const keys = paths.filter((path) => readFileSync(path, 'utf8').includes('PRIVATE KEY'));
    expect(keys.length).toBeGreaterThanOrEqual(2);
    expect(keys.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
  });

  it('R121: the authority stays over restarts, so that trust is given once', async () => {
    using folder = new TemporaryFolder();
    const authorities: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      await using restarted = await startServer({ data: folder.path });
      authorities.push(readFileSync(restarted.ready.caFile, 'utf8'));
    }
    expect(authorities[1]).toBe(authorities[0]);
  });
});

async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.endpoint).port), servername: 'localhost', ...options });
  await once(socket, 'secureConnect');
  return socket;
}
