import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { startServer } from '../lib/server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pasted = `${root}journey-of-the-readme-test.mjs`;

afterEach(() => rmSync(pasted, { force: true }));

function program(): string {
  const found = /<!-- examples\/seven-steps\.mjs -->\n```js\n([^]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8'));
  if (found?.[1] === undefined) throw new Error('the README holds no program');
  return found[1];
}

it('the program of the README is the example', () => {
  expect(program()).toBe(readFileSync(`${root}examples/seven-steps.mjs`, 'utf8'));
});

it('R142, R141: the seven-step chat of the README runs as pasted, with live events in Node', async () => {
  await using server = await startServer();
  writeFileSync(pasted, program());
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', '@switchboard/chat-node', pasted], {
    cwd: root,
    env: { ...process.env, CONNECTION_STRING: server.connectionString, NODE_EXTRA_CA_CERTS: server.ready.caFile },
  });
  expect(stdout).toContain('Bob received from Alice: Hello Bob');
  expect(stdout).toMatch(/3 text\n2 topicUpdated\n1 participantAdded\ndone/);
});
