import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { decodeJwt } from '../lib/jwt.ts';
import { newUser } from '../lib/chat-user.ts';
import { startServer } from '../lib/server.ts';

interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly integrity?: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const locked = (JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as { packages: Record<string, LockedPackage> }).packages;

it.each([
  ['@azure/communication-identity', '@azure/communication-identity', '1.3.1'],
  ['@azure/communication-identity-1.2.0', '@azure/communication-identity', '1.2.0'],
  ['@azure/communication-chat', '@azure/communication-chat', '1.6.0'],
  ['@azure/communication-chat-1.5.4', '@azure/communication-chat', '1.5.4'],
])('R140, R141: %s is the package as published, by the hash of its registry', (folder, name, version) => {
  const entry = locked[`node_modules/${folder}`];
  expect(entry).toMatchObject({ version });
  expect(entry?.name ?? folder).toBe(name);
  expect(entry?.integrity).toMatch(/^sha512-/);
  // What is installed is what was locked: nothing patches it afterwards.
  expect(JSON.parse(readFileSync(`${root}node_modules/${folder}/package.json`, 'utf8'))).toMatchObject({ name, version });
  expect(readFileSync(`${root}package.json`, 'utf8')).not.toMatch(/patch-package|postinstall/);
});

it('R16, R151: a token with only chat says so, and carries no right to call', async () => {
  await using server = await startServer();
  const { token } = await newUser(server, { scopes: ['chat'] });
  expect(decodeJwt(token).claims).toMatchObject({ acsScope: 'chat' });
});
