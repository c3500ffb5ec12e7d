import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { TestBrowser, trust } from '../lib/browser.ts';
import { startServer, type TestServer } from '../lib/server.ts';

describe('switchboard trust', () => {
  it('R121: makes the browser trust the server’s certificate, which it refuses otherwise', async () => {
    await using server = await startServer();
    expect(await titleOf(server)).toBe('net::ERR_CERT_AUTHORITY_INVALID');
    expect(await titleOf(server, server)).toBe('Switchboard');
  });

  it('R121: makes the browser trust two servers of different data folders', async () => {
    await using first = await startServer();
    await using second = await startServer();
    await using browser = await TestBrowser.start(first, second);
    const context = await browser.context();
    for (const server of [first, second]) expect(await titleIn(await context.newPage(), server)).toBe('Switchboard');
  });

  it('R121: may be run again', async () => {
    await using server = await startServer();
    const home = mkdtempSync(join(tmpdir(), 'switchboard-home-'));
    try {
      for (const _ of ['first', 'second']) expect(await trust(home, server.data)).toContain(server.ready.caFile);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  /** Title of the portal in a browser that trusts the given servers, or what the browser says instead. */
  async function titleOf(server: TestServer, ...trusted: readonly TestServer[]): Promise<string> {
    await using browser = await TestBrowser.start(...trusted);
    const context = await browser.context();
    return await titleIn(await context.newPage(), server);
  }
});

/** Title of the portal, or the browser's reason for not showing it. */
async function titleIn(page: Page, server: TestServer): Promise<string> {
  const { promise: failure, resolve } = Promise.withResolvers<string>();
  page.on('requestfailed', (request) => resolve(request.failure()?.errorText ?? 'failed'));
  return page.goto(`${server.endpoint}portal/`).then(
    () => page.title(),
    () => failure,
  );
}
