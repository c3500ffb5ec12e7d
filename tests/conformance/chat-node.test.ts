import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatRest } from '../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../lib/chat-user.ts';
import { NoWebSocketProxy } from '../lib/no-websocket-proxy.ts';
import { startServer, type TestServer } from '../lib/server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Longer than the SDK's timers that outlive a stop. */
const PATIENCE_MS = 30_000;

const LOADERS = {
  import: { flags: ['--input-type=module'], load: (name: string) => `const { ChatClient } = await import('${name}');` },
  require: { flags: ['--input-type=commonjs'], load: (name: string) => `const { ChatClient } = require('${name}');` },
} as const;
const SDKS = ['@azure/communication-chat', '@azure/communication-chat-1.5.4'] as const;
const WAYS = SDKS.flatMap((sdk) => (['import', 'require'] as const).map((way) => ({ sdk, way })));

let server: TestServer;
let alice: ChatUser;

beforeAll(async () => {
  server = await startServer();
  alice = await newUser(server);
});

afterAll(() => server.stop());

/** Runs a program as a user does, with its hooks and the server's certificate. */
function run(
  program: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  return spawn(process.execPath, ['--import', '@switchboard/chat-node', ...flags, '-e', program], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: server.ready.caFile, ...env },
  });
}

/** Says what it receives, stops after the first if told to, and ends when nothing keeps it. */
function listener(load: string, stops: boolean): string {
  return `
    (async () => {
      ${load}
      const { AzureCommunicationTokenCredential } = await import('@azure/communication-common');
      const chat = new ChatClient(process.env.ENDPOINT, new AzureCommunicationTokenCredential(process.env.TOKEN));
      chat.on('realTimeNotificationConnected', () => console.log('connected'));
      await chat.startRealtimeNotifications();
      await new Promise((resolve) => chat.on('chatMessageReceived', ({ message }) => resolve(console.log(message))));
      ${stops ? 'await chat.stopRealtimeNotifications();' : ''}
      console.log('done');
    })();`;
}

/** Sends until the program has heard one: it calls itself connected before it is registered. */
async function sendUntilHeard(child: ChildProcess & { stdout: NodeJS.ReadableStream }, user: ChatUser): Promise<string> {
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const rest = new ChatRest(server.endpoint, alice);
  const threadId = await rest.createThread([user]);
  await vi.waitFor(
    async () => {
      if (output === 'connected\n') await rest.send(threadId, 'Hello');
      expect(output).toContain('done');
    },
    { timeout: PATIENCE_MS, interval: 200 },
  );
  return output;
}

describe.each(WAYS)('a program that loads $sdk by $way', ({ sdk, way }) => {
  const { flags, load } = LOADERS[way];

  it.each(['socket', 'polling'] as const)(
    'R142: receives over a %s, without a warning, and ends by itself once it stopped',
    async (transport) => {
      await using stack = new AsyncDisposableStack();
      const proxy = transport === 'polling' ? stack.use(await NoWebSocketProxy.start(server)) : undefined;
      const user = await newUser(server);
      const child = run(listener(load(sdk), true), flags, { ENDPOINT: proxy?.endpoint ?? server.endpoint, TOKEN: user.token });
      const errors = text(child.stderr);
      const exited = once(child, 'exit', { signal: AbortSignal.timeout(2 * PATIENCE_MS) });
      expect(await sendUntilHeard(child, user)).toMatch(/^connected\nHello\ndone\n$/);
      expect(await exited).toEqual([0, null]);
      expect(await errors).toBe('');
    },
  );
});

describe('a program that goes on listening', () => {
  it('R142: is kept alive by its connection', async () => {
    const user = await newUser(server);
    const { flags, load } = LOADERS.import;
    const child = run(listener(load(SDKS[0]), false), flags, { ENDPOINT: server.endpoint, TOKEN: user.token });
    await sendUntilHeard(child, user);
    // It has nothing left to do: what it hears now it can hear only because the connection keeps it.
    const rest = new ChatRest(server.endpoint, alice);
    await rest.send(await rest.createThread([user]), 'Still there?');
    const [heard] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(heard)).toBe('Still there?\n');
    child.kill('SIGKILL');
  });
});

describe('a program that does not load the SDK', () => {
  it('R142: sees no trace of the hooks', async () => {
    const child = run('console.log(typeof location, typeof XMLHttpRequest, typeof window, typeof document)', []);
    expect(await text(child.stdout)).toBe('undefined undefined undefined undefined\n');
  });
});
