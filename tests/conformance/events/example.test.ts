import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startServer } from '../../lib/server.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

it('the program of the guide to events is the example', () => {
  const guide = readFileSync(`${ROOT}docs/guide/events.md`, 'utf8');
  const found = /<!-- examples\/custom-topic\.mjs -->\n+```js\n([^]*?)```/.exec(guide);
  expect(found?.[1]).toBe(readFileSync(`${ROOT}examples/custom-topic.mjs`, 'utf8'));
});

it('R108: it publishes to a topic of its own, and gets what it published', async () => {
  await using server = await startServer({ args: ['--memory'] });
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: server.ready.caFile, ENDPOINT: server.endpoint, ADMIN_KEY: server.ready.adminKey };
  const { stdout } = await promisify(execFile)(process.execPath, ['examples/custom-topic.mjs'], { cwd: ROOT, env });
  expect(stdout).toBe('Orders.Placed orders/1 { total: 5 }\n');
});
