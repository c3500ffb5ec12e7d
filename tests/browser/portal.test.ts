import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PortalWindow } from '../lib/browser-portal.ts';
import { TestBrowser } from '../lib/browser.ts';
import { startServer, type TestServer } from '../lib/server.ts';

describe('the portal', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let browser: TestBrowser;

  beforeAll(async () => {
    server = stack.use(await startServer());
    browser = stack.use(await TestBrowser.start(server));
  });
  afterAll(() => stack.disposeAsync());

  it('R142: the sign-in link of the ready line opens the overview, and the key leaves the address bar', async () => {
    await using portal = await PortalWindow.open(browser);
    await portal.go(`${server.ready.portal}#key=${server.ready.adminKey}`);
    await portal.part('server-state').getByText('Running').waitFor();
    const text = await portal.page.getByRole('main').innerText();
    expect(text).toContain(server.endpoint);
    expect(text).toContain(server.ready.caFile);
    expect(text).toContain(server.ready.version);
    expect(text).not.toContain('undefined');
    expect(portal.page.url()).toBe(server.ready.portal);
    portal.expectNoProblems();
  });

  it('R142: the admin key signs in, another does not', async () => {
    await using portal = await PortalWindow.open(browser);
    await portal.go(server.ready.portal);
    await portal.part('admin-key').fill('not the key');
    await portal.part('sign-in').click();
    await portal.page.getByText('This is not the admin key of this server.').waitFor();
    // The browser itself reports the 401.
    expect(portal.problems.splice(0)).toEqual([expect.stringContaining('401')]);
    await portal.part('admin-key').fill(server.ready.adminKey);
    await portal.part('sign-in').click();
    await portal.part('server-state').getByText('Running').waitFor();
    portal.expectNoProblems();
  });

  it('R121: pages with access tokens are on HTTPS only; the plain listener leads there, signed in', async () => {
    await using portal = await PortalWindow.open(browser);
    await portal.go(`${server.ready.httpEndpoint}portal/try/chat#key=${server.ready.adminKey}`);
    await portal.part('https-notice').getByText(server.ready.caFile).waitFor();
    expect(await portal.part('start-chat').count()).toBe(0);
    await portal.part('open-https').click();
    await portal.part('start-chat').waitFor();
    expect(portal.page.url()).toBe(`${server.endpoint}portal/try/chat`);
    portal.expectNoProblems();
  });

  it('R142: every page forbids foreign content, and an address without a page says so', async () => {
    await using portal = await PortalWindow.open(browser);
    for (const path of ['', 'try/chat', 'no/such/page']) {
      const response = await portal.go(`${server.endpoint}portal/${path}#key=${server.ready.adminKey}`);
      const headers = response.headers();
      expect(headers['content-security-policy']).toMatch(/^default-src 'self';.*frame-ancestors 'none'; base-uri 'none'/);
      expect(headers['content-security-policy']).not.toContain('unsafe-eval');
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      await portal.page.getByRole('heading', { level: 1 }).waitFor();
    }
    expect(await portal.page.getByRole('heading', { level: 1 }).innerText()).toBe('There is no such page');
    portal.expectNoProblems();
  });

  it.each(['wss://elsewhere.invalid/', 'https://elsewhere.invalid/'])('R142: the page may not connect to %s', async (address) => {
    await using portal = await PortalWindow.open(browser);
    await portal.go(`${server.endpoint}portal/`);
    const refused = await portal.page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          const page = globalThis as unknown as EventTarget;
          page.addEventListener('securitypolicyviolation', (event) =>
            resolve((event as unknown as { effectiveDirective: string }).effectiveDirective),
          );
          if (!url.startsWith('wss:')) return void fetch(url).catch(() => undefined);
          const socket = new WebSocket(url);
          // Without the policy the name would be looked up, and that ends in an error or a connection.
          for (const outcome of ['error', 'open']) socket.addEventListener(outcome, () => setTimeout(() => resolve('allowed'), 100));
        }),
      address,
    );
    expect(refused).toBe('connect-src');
  });
});
