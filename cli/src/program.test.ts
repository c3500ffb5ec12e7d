import { createHash, createHmac } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, KEY, serve } from './testing.ts';

describe('the switchboard command', () => {
  it('explains itself', async () => {
    const { code, out } = await command('--help');
    expect(code).toBe(0);
    for (const name of ['start', 'status', 'stop', 'request', 'why', 'reset', 'snapshot', 'fixtures', 'clock', 'fault', 'inbox', 'trust'])
      expect(out).toContain(`\n  ${name} `);
    expect((await command('start', '--help')).out).toMatch(/--http-port <[^]*SWITCHBOARD_HTTP_PORT/);
  });

  it.each([['nonsense'], ['status', '--nonsense'], ['request', 'GET'], ['start', '--port']])(
    'ends with 2 when it is not understood: %s %s',
    async (...args) => {
      const { code, err } = await command(...args);
      expect(code).toBe(2);
      expect(err).toMatch(/error: /);
    },
  );

  it('never takes secrets on the command line', async () => {
    const { out } = await command('start', '--help');
    for (const secret of ['--access-key', '--admin-key', '--master-key']) expect(out).not.toContain(secret);
  });

  it.each([
    ['status'],
    ['stop'],
    ['why', 'r1'],
    ['trust', '--print'],
    ['request', 'GET', '/identities'],
    ['reset'],
    ['snapshot', 'list'],
    ['clock'],
    ['fault', 'clear'],
    ['fixtures', 'list'],
    ['inbox', 'wait'],
  ])('says where it looked when no server runs: %s', async (...args) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'switchboard-cli-'));
    const { code, err } = await command(...args, '--data', folder.path);
    expect(code).toBe(1);
    expect(err).toContain(`switchboard: no server runs on data folder ${folder.path}`);
  });

  it('does not take what a crash left behind for a server', async () => {
    await using server = await serve({ status: 200, body: {} });
    await using crashed = await mkdtempDisposable(join(tmpdir(), 'switchboard-cli-'));
    copyFileSync(join(server.folder, 'run.json'), join(crashed.path, 'run.json'));
    writeFileSync(join(crashed.path, 'lock'), '');
    expect((await command('status', '--data', crashed.path)).err).toContain('no server runs');
  });
});

describe('switchboard status', () => {
  it('asks with the admin key, and prints text or JSON', async () => {
    await using server = await serve({ status: 200, body: { version: '1', resources: 2 } });
    expect(await command('status', '--data', server.folder)).toMatchObject({ code: 0, out: 'version          1\nresources        2\n' });
    expect(JSON.parse((await command('status', '--json', '--data', server.folder)).out)).toEqual({ version: '1', resources: 2 });
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/admin/status', headers: { authorization: 'Bearer admin' } });
  });

  it("passes on the server's refusal", async () => {
    await using server = await serve({ status: 401, body: { error: { message: 'The key is another one.' } } });
    expect(await command('status', '--data', server.folder)).toMatchObject({ code: 1, err: 'switchboard: The key is another one.\n' });
  });

  it('says when nothing answers', async () => {
    await using server = await serve({ status: 200, body: {} });
    server.announce({ httpEndpoint: 'http://127.0.0.1:1/' });
    expect((await command('status', '--data', server.folder)).err).toMatch(/^switchboard: http:\/\/127\.0\.0\.1:1 does not answer: /);
  });
});

describe('switchboard request', () => {
  it('signs what it sends, adds api-version, and prints status, headers and body', async () => {
    await using server = await serve({ status: 201, body: { identity: { id: '8:acs:x' } } });
    const body = '{"customId":"ü"}';
    const { code, out } = await command('request', 'post', '/identities?x=a%20b', '--body', body, '--data', server.folder);
    expect(code).toBe(0);
    expect(out).toMatch(/^201 Created\n[^]*x-ms-request-id: r1\n[^]*\n\n\{\n {2}"identity"/);
    const [seen] = server.seen;
    expect(seen).toMatchObject({ method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(seen!.url).toMatch(/^\/identities\?x=a(?:%20|\+)b&api-version=\d{4}-\d{2}-\d{2}$/);
    const { 'x-ms-date': date, 'x-ms-content-sha256': hash, host, authorization } = seen!.headers;
    expect(hash).toBe(createHash('sha256').update(body).digest('base64'));
    const signature = createHmac('sha256', KEY)
      .update(`POST\n${seen!.url}\n${String(date)};${host ?? ''};${String(hash)}`)
      .digest('base64');
    expect(authorization).toBe(`HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`);
  });

  it('ends with 1 when it was refused, and shows why', async () => {
    await using server = await serve({ status: 404, body: { error: { code: 'NotFound' } } });
    const { code, out } = await command('request', 'GET', '/identities/x?api-version=2021-03-07', '--data', server.folder);
    expect(code).toBe(1);
    expect(out).toMatch(/^404 Not Found\n[^]*"NotFound"/);
    expect(server.seen[0]?.url).toBe('/identities/x?api-version=2021-03-07');
  });

  it('prints no body where there is none', async () => {
    await using server = await serve({ status: 204, body: undefined });
    expect((await command('request', 'DELETE', '/identities/x', '--data', server.folder)).out).toMatch(
      /^204 No Content\n(?:[\w-]+: .*\n)+$/i,
    );
  });

  it('takes the connection string of another resource, and refuses what is none', async () => {
    await using server = await serve({ status: 200, body: {} });
    const other = `endpoint=${server.endpoint};accesskey=${Buffer.alloc(64, 2).toString('base64')}`;
    expect((await command('request', 'GET', '/x', '--connection-string', other, '--data', server.folder)).code).toBe(0);
    expect(await command('request', 'GET', '/x', '--connection-string', 'nonsense', '--data', server.folder)).toMatchObject({ code: 2 });
    expect(await command('request', 'GET', 'x', '--data', server.folder)).toMatchObject({
      code: 2,
      err: 'switchboard: PATH must begin with /\n',
    });
  });
});

describe('switchboard why', () => {
  it('tells rule, cause and cure', async () => {
    const record = {
      method: 'GET',
      path: '/x',
      time: 'T',
      status: 401,
      code: 'Denied',
      rule: 'signature.wrong',
      cause: 'It differs.',
      cure: 'Sign.',
    };
    await using server = await serve({ status: 200, body: record });
    const { out } = await command('why', 'a/b', '--data', server.folder);
    expect(out).toBe('Request  GET /x\nTime     T\nAnswer   401 Denied\nRule     signature.wrong\nCause    It differs.\nCure     Sign.\n');
    expect(server.seen[0]?.url).toBe('/admin/requests/a%2Fb');
  });

  it('says so when the request was not refused', async () => {
    await using server = await serve({ status: 200, body: { method: 'GET', path: '/x', time: 'T', status: 200 } });
    expect((await command('why', 'r1', '--data', server.folder)).out).toContain('Cause    It was not refused.');
  });
});

describe('switchboard trust', () => {
  it('prints how to use the authority of the server', async () => {
    await using server = await serve({ status: 200, body: {} });
    expect((await command('trust', '--print', '--data', server.folder)).out).toContain('NODE_EXTRA_CA_CERTS=/data/tls/ca.pem');
  });
});
