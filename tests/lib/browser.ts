import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import type { TestServer } from './server.ts';

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
// The sandbox needs kernel features that containers lack; the rest keeps the browser from calling its maker.
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium of a user of its own, who trusts the local certificate authorities of the given servers and no more. */
export class TestBrowser implements AsyncDisposable {
  readonly #home: string;
  readonly #browser: Browser;

  private constructor(home: string, browser: Browser) {
    this.#home = home;
    this.#browser = browser;
  }

  /** @param servers whose authority the user trusts, by the product's own command */
  static async start(...servers: readonly Pick<TestServer, 'data'>[]): Promise<TestBrowser> {
    const home = mkdtempSync(join(tmpdir(), 'switchboard-browser-'));
    try {
      for (const server of servers) await trust(home, server.data);
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS, env: homeOf(home) });
      return new TestBrowser(home, browser);
    } catch (error) {
      rmSync(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** A window without memory of others. */
  context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return this.#browser.newContext(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/**
 * Runs `switchboard trust` as the user of a home folder.
 *
 * @param data data folder of a running server
 * @returns what the command printed
 */
export async function trust(home: string, data: string): Promise<string> {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', CLI, 'trust', '--data', data];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: homeOf(home) });
  return stdout;
}

function homeOf(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home };
}
