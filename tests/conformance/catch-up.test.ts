import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { TcpProxy } from '../lib/browser-tcp-proxy.ts';
import { ChatRest } from '../lib/chat-rest.ts';
import { type ChatUser, newUsers } from '../lib/chat-user.ts';
import { Inbox } from '../lib/inbox.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MESSAGES = 60;
/** The client's longest pause between two attempts, and the start of a server. */
const PATIENCE_MS = 90_000;

it('the program of the guide is the example', () => {
  const found = /<!-- examples\/catch-up\.mjs -->\n```js\n([^]*?)```/.exec(readFileSync(`${ROOT}docs/guide/catching-up.md`, 'utf8'));
  expect(found?.[1]).toBe(readFileSync(`${ROOT}examples/catch-up.mjs`, 'utf8'));
});

it(
  'R34 R37 R47: a client that lists after each connection misses nothing and gets nothing twice, over cuts and restarts',
  { timeout: 240_000 },
  async () => {
    using folder = new TemporaryFolder();
    let server = await startServer({ data: folder.path });
    const port = Number(new URL(server.endpoint).port);
    await using proxy = await TcpProxy.start(port);
    const [alice, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    const threadId = await new ChatRest(server.endpoint, alice).createThread([bob]);

    const child = spawn(process.execPath, ['--import', '@switchboard/chat-node', 'examples/catch-up.mjs'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: server.ready.caFile,
        ENDPOINT: `https://localhost:${proxy.port}/`,
        TOKEN: bob.token,
        THREAD_ID: threadId,
      },
    });
    const exited = once(child, 'exit');
    const lines = new Inbox<string>('a line of the program');
    createInterface({ input: child.stdout }).on('line', (line) => lines.put(line));
    try {
      const restart = async (end: (server: TestServer) => Promise<unknown>): Promise<void> => {
        await end(server);
        server = await startServer({ data: folder.path, port });
      };
      for (let i = 0; i < MESSAGES; i++) {
        await new ChatRest(server.endpoint, alice).send(threadId, `message ${i}`);
        if (i === 0) await lines.take((line) => line === 'message 0', PATIENCE_MS);
        if (i % 7 === 3) proxy.cut();
        if (i === 20) await restart((running) => running.kill());
        if (i === 40) await restart((running) => running.stop());
      }
      await lines.take((line) => line === `message ${MESSAGES - 1}`, PATIENCE_MS);
      expect(lines.all).toEqual(Array.from({ length: MESSAGES }, (_, i) => `message ${i}`));
    } finally {
      child.kill('SIGKILL');
      await exited;
      await server.stop();
    }
  },
);
