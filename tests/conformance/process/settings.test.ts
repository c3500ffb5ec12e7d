import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const OWN_KEY = Buffer.alloc(32, 1).toString('base64');

describe('settings', () => {
  it('R6: a flag beats a variable, a variable beats the file', async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('settings.yaml', 'limits: azure\nclock: virtual\nrevocationDelay: 0s\n');
    {
      await using server = await startServer({ args: ['--config', file] });
      expect(server.ready).toMatchObject({ limits: 'azure', clock: 'virtual' });
    }
    {
      await using server = await startServer({ args: ['--config', file], env: { SWITCHBOARD_LIMITS: 'handbook' } });
      expect(server.ready).toMatchObject({ limits: 'handbook', clock: 'virtual' });
    }
    await using server = await startServer({
      args: ['--limits', 'azure'],
      env: { SWITCHBOARD_CONFIG: file, SWITCHBOARD_LIMITS: 'handbook', SWITCHBOARD_CLOCK: 'real' },
    });
    expect(server.ready).toMatchObject({ limits: 'azure', clock: 'real' });
  });

  it('R6: a file may be JSON, and hold the keys', async () => {
    using folder = new TemporaryFolder();
    const adminKey = 'an-admin-key-of-my-own';
    const file = folder.write('settings.json', JSON.stringify({ accessKey: OWN_KEY, adminKey, limits: 'azure' }));
    await using server = await startServer({ args: ['--config', file] });
    expect(server.ready).toMatchObject({ adminKey, limits: 'azure', connectionString: `endpoint=${server.endpoint};accesskey=${OWN_KEY}` });
    expect((await server.admin('GET', '/admin/status')).status).toBe(200);
  });

  it.each([
    ['a port that is none', ['--port', '99999'], '--port'],
    ['a port of letters', ['--port', 'https'], '--port'],
    ['a plain port that is none', ['--http-port', '-1'], '--http-port'],
    ['an unknown clock', ['--clock', 'sundial'], '--clock'],
    ['a seed that is no number', ['--seed', 'x'], '--seed'],
    ['a log level that is none', ['--log-level', 'loud'], '--log-level'],
    ['a delay beyond five minutes', ['--revocation-delay', '6m'], '--revocation-delay'],
    ['a database of another kind', ['--database', 'mysql://localhost/x'], '--database'],
    ['a bus', ['--bus', 'nats://localhost'], '--bus'],
    ['memory and a database', ['--memory', '--database', 'postgres://localhost/x'], '--memory'],
    ['a certificate without its key', ['--cert-file', 'cert.pem'], '--key-file'],
    ['an issuer without an audience', ['--entra-issuer', 'https://login.example/'], '--entra-audience'],
    ['an issuer that is no URL', ['--entra-issuer', 'login', '--entra-audience', 'x'], '--entra-issuer'],
    ['signature dates of a third kind', ['--signature-dates', 'maybe'], '--signature-dates'],
    ['an inspection of a third kind', ['--inspect', 'maybe'], '--inspect'],
    ['a host of others with the well-known key', ['--host', '0.0.0.0'], '--host'],
    ['a host of others, version 6, with the well-known key', ['--host', '::'], '--host'],
    ['an unknown flag', ['--colour', 'blue'], '--colour'],
    ['a flag without its value', ['--port'], '--port'],
    ['a limits file that is missing', ['--limits', 'nowhere.yaml'], 'nowhere.yaml'],
    ['a configuration file that is missing', ['--config', 'nowhere.yaml'], 'nowhere.yaml'],
    ['an address of no machine', ['--host', '127.0.0.1.5'], '--host'],
  ])('R6: %s ends with exit code 2 and the name of the setting', async (_, args, name) => {
    await expectRefused(args, name);
  });

  it.each([
    ['an unknown setting', 'colour: blue', 'colour'],
    ['a list in place of a text', 'host: [a]', 'host'],
    ['no mapping', '- a', 'settings.yaml'],
    ['broken YAML', 'a: [', 'settings.yaml'],
    ['a wrong value', 'clock: sundial', '--clock'],
    ['fixtures that are a list', 'fixtures: [a]', 'fixtures must hold'],
    ['fixtures in a file that is missing', 'fixtures: nowhere.yaml', 'nowhere.yaml'],
    ['an unknown field of fixtures', 'fixtures: { users: [{ handle: a, nick: b }] }', 'fixtures.users[0].nick is unknown'],
    ['fixtures of another resource', 'fixtures: { resource: other }', 'fixtures.resource: a state begins with'],
    [
      'a user of fixtures who is nobody',
      'fixtures: { users: [{ handle: a }], threads: [{ topic: x, creator: b }] }',
      'fixtures.threads[0].creator: no user "b"',
    ],
  ])('R6: a configuration file with %s ends with exit code 2 and names it', async (_, content, named) => {
    using folder = new TemporaryFolder();
    await expectRefused(['--config', folder.write('settings.yaml', content)], named);
  });

  it('fixtures may stand in a file of their own, or in the section of another settings file', async () => {
    using folder = new TemporaryFolder();
    const users = { users: [{ handle: 'alice' }] };
    for (const content of [users, { fixtures: users }]) {
      await using server = await startServer({ args: ['--memory', '--fixtures', folder.write('fixtures.json', JSON.stringify(content))] });
      expect((await server.admin('GET', '/admin/fixtures')).body).toMatchObject({
        users: { alice: { id: expect.stringMatching(/^8:acs:/) as string } },
      });
    }
    const bad = folder.write('bad.yaml', 'users: [{ handle: -a }]');
    const { err } = await expectRefused(['--fixtures', bad], 'bad.yaml');
    expect(err).toMatch(/bad\.yaml: users\[0\]\.handle: "-a" is no handle/);
  });

  it.each([
    ['an unknown limit', 'chat.colours: 3', 'chat.colours'],
    ['a text as limit', 'identity.token-minutes-min: five', 'identity.token-minutes-min'],
    ['half a limit', 'identity.token-minutes-min: 0.5', 'identity.token-minutes-min'],
    ['a limit below 0', 'identity.token-minutes-min: -1', 'identity.token-minutes-min'],
  ])('R14: a limits file with %s ends with exit code 2 and names it', async (_, content, named) => {
    using folder = new TemporaryFolder();
    await expectRefused(['--limits', folder.write('limits.yaml', content)], named);
  });

  it.each([
    ['SWITCHBOARD_ACCESS_KEY', 'short'],
    ['SWITCHBOARD_ADMIN_KEY', 'short'],
    ['SWITCHBOARD_MASTER_KEY', 'short'],
  ])('R6: a bad %s ends with exit code 2 and does not print the value', async (variable, value) => {
    const { err } = await expectRefused([], variable, { [variable]: value });
    expect(err).not.toContain(` ${value}`);
  });

  it('R6: a port that is taken is named, with what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { err } = await expectRefused(['--port', String(port)], '--port');
    expect(err).toContain(`port ${port} is in use`);
    other.close();
  });

  it('R6: with a key of its own a server starts on a host of others', async () => {
    await using server = await startServer({ args: ['--host', '0.0.0.0'], env: { SWITCHBOARD_ACCESS_KEY: OWN_KEY } });
    expect((await fetch(new URL('/health', server.endpoint))).status).toBe(200);
  });
});

async function expectRefused(args: readonly string[], name: string, env: Readonly<Record<string, string>> = {}) {
  using folder = new TemporaryFolder();
  const defaults = {
    SWITCHBOARD_PORT: '0',
    SWITCHBOARD_HTTP_PORT: '0',
    ...(args.includes('--memory') ? {} : { SWITCHBOARD_DATA: folder.path }),
  };
  const result = await runCommand(['start', ...args], { ...defaults, ...env });
  expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining(name) as string });
  expect(result.err).not.toMatch(/^ +at /m);
  return result;
}
