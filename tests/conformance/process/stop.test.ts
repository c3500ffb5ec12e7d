import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newUser } from '../../lib/chat-user.ts';
import { connectLatest } from '../../lib/identity-clients.ts';
import { connectLive } from '../../lib/live-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';
import { tokenRequest } from '../../lib/token-request.ts';

const STOP_MS = 5_000;

describe('stopping', () => {
  it('R85: SIGTERM ends with exit code 0 within 5 s, with a kept connection and a live socket open', async () => {
    await using server = await startServer();
    const live = await connectLive(server.endpoint, await newUser(server));
    const agent = new Agent({ keepAlive: true });
    await getWith(agent, server);
    const startedMs = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(STOP_MS);
    await live.closed;
    agent.destroy();
  });

  it('R85: a request in flight is answered before the end', async () => {
    await using server = await startServer();
    const outgoing = request(new URL('/identities?api-version=2023-10-01', server.endpoint), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 2, expect: '100-continue' },
    });
    outgoing.flushHeaders();
    await Promise.race([once(outgoing, 'continue'), once(outgoing, 'response')]);
    const answered = once(outgoing, 'response');
    const stopped = server.stop();
    outgoing.end('{}');
    const [response] = (await answered) as [{ statusCode: number }];
    expect(response.statusCode).toBe(401);
    expect(await stopped).toBe(0);
  });

  it('R6: SIGINT is as good as SIGTERM', async () => {
    await using server = await startServer();
    const exited = once(server.process, 'exit');
    server.process.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
  });
});

describe('the data folder', () => {
  it('R47: takes one server at a time, and the refusal tells which has it and what to do', async () => {
    using folder = new TemporaryFolder();
    await using first = await startServer({ data: folder.path });
    const { code, err } = await runCommand(['start', '--port', '0', '--http-port', '0', '--data', folder.path]);
    expect(code).toBe(2);
    expect(err).toContain(`process ${first.ready.pid}`);
    expect(err).toContain(first.endpoint);
    expect(err).toContain('switchboard stop --data');
    expect((await fetch(new URL('/health', first.endpoint))).status).toBe(200);
  });

  it('R47: is left as it was by a start that is refused', async () => {
    using folder = new TemporaryFolder();
    await using first = await startServer({ data: join(folder.path, 'first') });
    const start = (data: string) => runCommand(['start', '--port', new URL(first.endpoint).port, '--http-port', '0', '--data', data]);
    expect(await start(join(folder.path, 'new', 'data'))).toMatchObject({ code: 2, err: expect.stringContaining('in use') as string });
    mkdirSync(join(folder.path, 'empty'));
    expect((await start(join(folder.path, 'empty'))).code).toBe(2);
    expect(readdirSync(folder.path).sort()).toEqual(['empty', 'first']);
    expect(readdirSync(join(folder.path, 'empty'))).toEqual([]);
    const used = join(folder.path, 'used');
    const second = await startServer({ data: used });
    await second.stop();
    const before = readdirSync(used).sort();
    expect((await start(used)).code).toBe(2);
    expect(readdirSync(used).sort()).toEqual(before);
  });

  it('R47: is free again after a crash', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    await first.kill();
    await using second = await startServer({ data: folder.path });
    expect((await fetch(new URL('/health', second.endpoint))).status).toBe(200);
  });

  it('R47: keeps identities and custom ids, and tokens stay valid', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    const { user, token } = await connectLatest(first.connectionString).createUserAndToken(['chat']);
    const { port } = new URL(first.endpoint);
    await first.stop();
    expect(existsSync(join(folder.path, 'run.json'))).toBe(false);
    await using second = await startServer({ data: folder.path, port: Number(port) });
    expect(second.connectionString).toBe(first.connectionString);
    expect(second.ready.adminKey).toBe(first.ready.adminKey);
    expect((await tokenRequest(second.endpoint, token)).status).toBe(200);
    expect((await connectLatest(second.connectionString).getToken(user, ['voip'])).token).toBeTruthy();
  });
});

/** One request, whose connection is then kept open. */
async function getWith(agent: Agent, server: TestServer): Promise<void> {
  const free = once(agent, 'free');
  const outgoing = request(new URL('/health', server.endpoint), { agent }).end();
  const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await free;
}
