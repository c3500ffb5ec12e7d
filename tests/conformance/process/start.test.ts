import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { startServer } from '../../lib/server.ts';
import { startCommand } from '../../lib/switchboard-command.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const WELL_KNOWN_KEY = 'c3dpdGNoYm9hcmQtbG9jYWwtZGV2ZWxvcG1lbnQta2V5LTAwMQ==';
const ANY_PORTS = ['--port', '0', '--http-port', '0'];

describe('switchboard start', () => {
  it('R6: shows endpoint, connection string, authority, portal, clock and limits in its banner', async () => {
    using folder = new TemporaryFolder();
    await using command = startCommand(['start', ...ANY_PORTS, '--data', folder.path]);
    await command.shows(/Stop with Ctrl\+C/);
    const banner = command.out();
    expect(banner).toMatch(/^Switchboard \d+\.\d+\.\d+ is ready$/m);
    expect(banner).toMatch(/^ +Endpoint +https:\/\/localhost:\d+\/$/m);
    expect(banner).toMatch(/^ +Plain HTTP +http:\/\/localhost:\d+\/$/m);
    expect(banner).toMatch(/^ +Connection string +endpoint=https:\/\/localhost:\d+\/;accesskey=\S+$/m);
    expect(banner).toMatch(/^ +Certificate authority +\S+ca\.pem/m);
    expect(banner).toMatch(/^ +Portal +http:\/\/localhost:\d+\/portal\/#key=\S+$/m);
    expect(banner).toMatch(/^ +Clock +real$/m);
    expect(banner).toMatch(/^ +Limits +handbook/m);
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ code: 0, err: '' });
  });

  it('R6: prints one ready line with --json, whose addresses and keys work', async () => {
    await using server = await startServer();
    const { ready } = server;
    expect(ready).toMatchObject({
      event: 'ready',
      clock: 'real',
      limits: 'handbook',
      pid: server.process.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
    expect(ready.connectionString).toBe(`endpoint=${ready.endpoint};accesskey=${WELL_KNOWN_KEY}`);
    expect(existsSync(ready.caFile)).toBe(true);
    expect(ready).toMatchObject({ media: expect.stringMatching(/^(?:ready|building|unavailable)$/) as string });
    expect(await connectLatest(ready.connectionString).createUser()).toBeDefined();
    const admin = await fetch(new URL('status', ready.adminUrl), { headers: { authorization: `Bearer ${ready.adminKey}` } });
    expect(await admin.json()).toMatchObject({
      pid: ready.pid,
      endpoint: ready.endpoint,
      clock: 'real',
      limits: 'handbook',
      database: 'sqlite',
    });
  });

  it('R148: says in its banner that messages are not kept for ever', async () => {
    await using command = startCommand(['start', ...ANY_PORTS, '--memory']);
    await command.shows(/Stop with Ctrl\+C/);
    expect(command.out()).toContain('30 days');
  });

  it('R121: serves the same routes over both listeners', async () => {
    await using server = await startServer();
    for (const endpoint of [server.ready.endpoint, server.ready.httpEndpoint])
      for (const path of ['/health', '/ready', '/.well-known/jwks.json']) expect((await fetch(new URL(path, endpoint))).status).toBe(200);
  });

  it('R6: serves without plain HTTP and without a data folder when told so', async () => {
    await using command = startCommand(['start', '--json', '--port', '0', '--http-port', 'off', '--memory']);
    await command.shows(/\n/);
    const ready = JSON.parse(command.out()) as Readonly<Record<string, unknown>>;
    expect(ready).not.toHaveProperty('httpEndpoint');
    expect(ready['portal']).toMatch(/^https:/);
    // Clients need the authority's certificate: it is the one file there is, and it goes with the server.
    expect(existsSync(String(ready['caFile']))).toBe(true);
    command.signal('SIGTERM');
    expect((await command.ended).code).toBe(0);
    expect(existsSync(String(ready['caFile']))).toBe(false);
  });
});
