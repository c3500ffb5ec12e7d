import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUser } from '../../lib/chat-user.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('switchboard status', () => {
  it('R8: shows what runs, and as JSON', async () => {
    const shown = await run('status');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain(server.endpoint);
    const { code, out } = await run('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ pid: server.ready.pid, endpoint: server.endpoint });
  });
});

describe('switchboard request', () => {
  it('R27: signs and sends, and prints status, headers and body', async () => {
    const { code, out } = await run('request', 'POST', '/identities', '--body', '{"createTokenWithScopes":["chat"]}');
    expect(code).toBe(0);
    expect(out).toMatch(/^201 Created\n/);
    expect(out).toMatch(/^x-ms-request-id: \S+$/m);
    expect(out.split('\n\n')[1]).toContain('"id": "8:acs:');
  });

  it('R45: sends as a user when given a token', async () => {
    const { token } = await newUser(server);
    const created = await run('request', 'POST', '/chat/threads', '--token', token, '--body', '{"topic":"Lunch"}');
    expect(created.out).toMatch(/^201 Created\n/);
    const path = `/chat/threads/${/"id": "(19:[^"]+)"/.exec(created.out)![1]!}`;
    expect(await run('request', 'PATCH', path, '--token', token, '--body', '{"topic":"Dinner"}')).toMatchObject({ code: 0 });
    expect((await run('request', 'GET', path, '--token', token)).out).toContain('"topic": "Dinner"');
    expect((await run('request', 'GET', path, '--token', 'x')).out).toMatch(/^401 /);
  });

  it('R127: uses another resource when given its connection string', async () => {
    const { primaryConnectionString, immutableResourceId } = await newResource(server);
    const { out } = await run('request', 'POST', '/identities', '--connection-string', primaryConnectionString);
    expect(out).toContain(`8:acs:${immutableResourceId}_`);
  });

  it('R27: ends with exit code 1 when it is refused', async () => {
    const { code, out } = await run('request', 'POST', '/identities?api-version=x');
    expect(code).toBe(1);
    expect(out).toMatch(/^400 Bad Request\n/);
    expect(out).toContain('UnsupportedApiVersion');
  });

  it('R27: ends with exit code 2 for a path that is none', async () => {
    expect((await run('request', 'POST', 'identities')).code).toBe(2);
  });
});

describe('switchboard why', () => {
  it('R27: tells rule, cause and cure of a refusal', async () => {
    const { out: refused } = await run(
      'request',
      'POST',
      '/identities',
      '--body',
      '{"createTokenWithScopes":["chat"],"expiresInMinutes":1}',
    );
    const id = /^x-ms-request-id: (\S+)$/m.exec(refused)![1]!;
    const { code, out } = await run('why', id);
    expect(code).toBe(0);
    expect(out).toMatch(/^Request +POST \/identities/m);
    expect(out).toMatch(/^Answer +400 BadRequest$/m);
    expect(out).toMatch(/^Rule +limit\.identity\.token-minutes-min$/m);
    expect(out).toMatch(/^Cause +expiresInMinutes is 1 minutes/m);
    expect(out).toMatch(/^Cure +\S+/m);
  });

  it('R27: says so when nobody remembers the request', async () => {
    const { code, out, err } = await run('why', 'unknown');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('"unknown"');
  });
});

describe('switchboard snapshot and reset', () => {
  it('bring the server back to where it was, and to the beginning', async () => {
    const list = async (): Promise<unknown[]> => (await server.admin<{ value: unknown[] }>('GET', '/admin/resources')).body.value;
    const before = await list();
    expect(await run('snapshot', 'save', 'before')).toEqual({ code: 0, out: 'saved before\n', err: '' });
    await newResource(server);
    expect((await run('snapshot', 'restore', 'before')).out).toMatch(/^restored before, saved \S+\n$/);
    expect(await list()).toEqual(before);
    expect((await run('snapshot', 'list')).out).toMatch(/^NAME +SAVED +CLOCK\nbefore +\S+ +\S+ \(real\)\n$/);
    expect((await run('reset')).out).toBe(`reset ${server.endpoint}\n`);
    expect(await list()).toHaveLength(1);
    expect((await run('snapshot', 'delete', 'before')).out).toBe('deleted before\n');
    const { code, err } = await run('snapshot', 'restore', 'before');
    expect({ code, err }).toEqual({ code: 1, err: 'switchboard: There is no snapshot "before".\n' });
  });
});

describe('switchboard clock', () => {
  it('shows the time, and says why the real one cannot be moved', async () => {
    expect((await run('clock')).out).toMatch(/^\d{4}-\S+Z \(real\)\n$/);
    const { code, err } = await run('clock', 'advance', '31d');
    expect({ code, err }).toEqual({ code: 1, err: 'switchboard: The clock of this server is the real one and cannot be moved.\n' });
  });
});

describe('switchboard stop', () => {
  it('R6: stops the server and waits until it has ended', async () => {
    using folder = new TemporaryFolder();
    const stopped = await startServer({ data: folder.path });
    const { code, out } = await runCommand(['stop', '--data', folder.path]);
    expect({ code, out }).toEqual({ code: 0, out: `stopped ${stopped.endpoint}\n` });
    expect(await stopped.stop()).toBe(0);
  });

  it.each([
    ['status', []],
    ['stop', []],
    ['request', ['GET', '/x']],
    ['why', ['x']],
  ])('R6: %s says what to do where no server runs', async (command, args) => {
    using folder = new TemporaryFolder();
    const { code, err } = await runCommand([command, ...args, '--data', folder.path]);
    expect(code).toBe(1);
    expect(err).toContain('no server runs on data folder');
  });

  it.each(['status', 'stop'])('R6: %s is not misled by the trace of a crash', async (command) => {
    using folder = new TemporaryFolder();
    const crashed = await startServer({ data: folder.path });
    await crashed.kill();
    expect((await runCommand([command, '--data', folder.path])).code).toBe(1);
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['statsu'], /unknown command 'statsu'\n\(Did you mean status\?\)/],
    [['start', '--nope'], /unknown option '--nope'/],
    [['start', '--port'], /argument missing/],
    [['request', 'POST'], /missing required argument 'PATH'/],
    [['why', '1', '2'], /too many arguments/],
  ])('R6: %j is refused with exit code 2 and a way to help', async (args, words) => {
    const { code, out, err } = await runCommand(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
    expect(err).toContain('--help');
  });
});

function run(command: string, ...args: readonly string[]) {
  return runCommand([command, ...args, '--data', server.data]);
}
