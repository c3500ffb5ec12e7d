import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorBody } from '../../lib/chat-rest.ts';
import { faultsOf, setFaults, strikesOf } from '../../lib/faults.ts';
import { newUser } from '../../lib/chat-user.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const busy = { name: 'busy', http: { status: 503 } } as const;

describe('fault rules over the admin API', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
  beforeEach(() => setFaults(server));

  it('are set, listed with what they did, added, removed one by one, and removed all', async () => {
    expect(await faultsOf(server)).toEqual([]);
    const unused = { matched: 0, struck: 0, spent: false };
    const set = await server.admin('PUT', '/admin/faults/rules', { rules: [{ ...busy, count: 2, match: { path: '/chat/threads' } }] });
    expect(set).toEqual({ status: 200, body: { rules: [{ ...busy, count: 2, match: { path: '/chat/threads' }, state: unused }] } });
    const added = await server.admin('POST', '/admin/faults/rules', { live: { duplicatePush: true } });
    expect(added).toEqual({ status: 201, body: { name: 'rule-1', live: { duplicatePush: true }, state: unused } });

    await new ChatRest(server.endpoint, await newUser(server)).call('GET', '/chat/threads');
    expect(await strikesOf(server)).toEqual({ busy: 1, 'rule-1': 0 });
    expect((await server.admin('DELETE', '/admin/faults/rules/busy')).status).toBe(204);
    expect(await strikesOf(server)).toEqual({ 'rule-1': 0 });
    expect((await server.admin('DELETE', '/admin/faults/rules/busy')).status).toBe(404);
    expect((await server.admin('DELETE', '/admin/faults/rules')).status).toBe(204);
    expect(await faultsOf(server)).toEqual([]);
  });

  it('take back what was listed', async () => {
    await setFaults(server, { ...busy, skip: 1, share: 0.5, seed: 3 }, { live: { latePush: { delayMs: 5 } }, every: 2 });
    const rules = await faultsOf(server);
    await setFaults(server, ...rules);
    expect(await faultsOf(server)).toEqual(rules);
  });

  it.each([
    [{ rules: [busy, { http: { stauts: 503 } }] }, 'rules[1].http.stauts'],
    [{ rules: [{ ...busy, mtach: {} }] }, 'rules[0].mtach'],
    [{ rules: [], seed: 1 }, 'seed'],
    [{ rules: [{ http: { status: 200 } }] }, 'rules[0].http.status'],
    [{ rules: [{ http: { latencyMs: 30_001 } }] }, 'rules[0].http.latencyMs'],
    [{ rules: [{ http: { latencyMs: { min: 0 } } }] }, 'rules[0].http.latencyMs.max'],
    [{ rules: [{ http: { dropAfter: false } }] }, 'rules[0].http.dropAfter'],
    [{ rules: [{ live: { dropSocket: true } }] }, 'rules[0].live.dropSocket'],
    [{ rules: [{ ...busy, match: { event: 'chatMessageRecieved' } }] }, 'rules[0].match.event'],
    [{ rules: [{ ...busy, match: { operation: 'Chat_SendMessage' } }] }, 'rules[0].match.operation'],
    [{ rules: [{ ...busy, share: 1.5 }] }, 'rules[0].share'],
    [{ rules: [{ name: 'two words', http: { status: 503 } }] }, 'rules[0].name'],
    [{ rules: new Array(101).fill({ http: { status: 503 } }) }, 'rules'],
  ])('refuse %j by the path of what is wrong, and stay as they were', async (body, target) => {
    await setFaults(server, { name: 'old', http: { status: 503 } });
    const answer = await server.admin<ErrorBody>('PUT', '/admin/faults/rules', body);
    expect({ status: answer.status, target: answer.body.error.target }).toEqual({ status: 400, target });
    expect(answer.body.error.message).toContain(target);
    expect(await strikesOf(server)).toEqual({ old: 0 });
  });

  it('never keep anybody from the admin API, or from asking whether the server is there', async () => {
    await setFaults(server, { http: { dropBefore: true } }, { http: { status: 500 } }, { http: { dropAfter: true } });
    for (const path of ['/admin/status', '/admin/requests', '/health', '/ready']) {
      expect((await server.admin('GET', path)).status, path).toBe(200);
    }
    await expect(fetch(new URL('/.well-known/jwks.json', server.endpoint))).rejects.toThrow('fetch failed');
    expect((await server.admin('DELETE', '/admin/faults/rules')).status).toBe(204);
    expect((await fetch(new URL('/.well-known/jwks.json', server.endpoint))).status).toBe(200);
  });
});

describe('a server whose state is replaced', () => {
  it('keeps its fault rules when a snapshot is restored, and forgets them when it is reset', async () => {
    await using server = await startServer();
    expect((await server.admin('POST', '/admin/snapshots', { name: 'clean' })).status).toBe(201);
    await setFaults(server, busy);
    expect((await server.admin('POST', '/admin/snapshots/clean:restore')).status).toBe(200);
    expect(await strikesOf(server)).toEqual({ busy: 0 });
    expect((await server.admin('POST', '/admin/reset')).status).toBe(204);
    expect(await faultsOf(server)).toEqual([]);
  });
});

describe('a server that ends', () => {
  it('forgets its fault rules', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    await setFaults(first, busy);
    await first.stop();
    await using second = await startServer({ data: folder.path });
    expect(await faultsOf(second)).toEqual([]);
  });

  it('does not wait for requests that a rule holds back', async () => {
    await using server = await startServer();
    const rest = new ChatRest(server.endpoint, await newUser(server));
    await setFaults(server, { name: 'slow', http: { latencyMs: 30_000 } });
    const held = rest.call('GET', '/chat/threads');
    await expect.poll(() => strikesOf(server)).toEqual({ slow: 1 });
    expect(await server.stop()).toBe(0);
    expect((await held).status).toBe(200);
  });
});
