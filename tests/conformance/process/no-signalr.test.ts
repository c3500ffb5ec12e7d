import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';

const REFERENCE = fileURLToPath(new URL('../../../docs/reference/', import.meta.url));

/** Chapters about the service name SignalR as what may be inside; here nothing of that kind can be set, seen or needed. */
const INTERNAL = /signal-?r\b/i;

it('R135: no command and no setting mentions SignalR', async () => {
  const { out } = await runCommand(['--help']);
  const commands = [...out.split('Commands:')[1]!.matchAll(/^ {2}([a-z-]+)\b/gm)].map(([, name]) => name!);
  expect(commands).toContain('start');
  for (const command of ['', ...commands.filter((name) => name !== 'help')]) {
    const help = await runCommand([...(command === '' ? [] : [command]), '--help']);
    expect(help.code, command).toBe(0);
    expect(help.out, command).toContain('Usage: switchboard');
    expect(help.out, command).not.toMatch(INTERNAL);
  }
});

it('R135: no limit, no state and no page of the reference mentions SignalR', async () => {
  await using server = await startServer();
  for (const path of ['/admin/limits', '/admin/status']) {
    const { status, body } = await server.admin('GET', path);
    expect(status, path).toBe(200);
    expect(JSON.stringify(body), path).not.toMatch(INTERNAL);
  }
  const pages = readdirSync(REFERENCE);
  expect(pages).toContain('settings.md');
  for (const page of pages) expect(readFileSync(`${REFERENCE}${page}`, 'utf8'), page).not.toMatch(INTERNAL);
});
