import { expect } from 'vitest';
import type { BrowserContext, Locator, Page, Response } from 'playwright-core';
import type { TestBrowser } from './browser.ts';

/**
 * The SDK's bundled runtime asks for the global object by `Function('return this')`, catches the refusal and goes on;
 * Chromium reports it all the same.
 */
const REFUSED_EVAL = /'unsafe-eval' is not an allowed source|Note that 'script-src' was not explicitly set/;
const SDK_CHUNK = '/portal/assets/try-chat-page-';

/** Runs in the page. */
const TOO_WIDE = `(() => {
  const page = document.documentElement;
  const fields = [...document.querySelectorAll('select, input, textarea, button, pre')];
  const beyond = fields.filter((field) => field.getBoundingClientRect().right > page.clientWidth).map((field) => field.outerHTML);
  return page.scrollWidth > page.clientWidth ? ['the page', ...beyond] : beyond;
})()`;

export type Who = 'alice' | 'bob';

/** A window on the portal that notes what a visitor should never see: errors, dialogs, and requests to elsewhere. */
export class PortalWindow implements AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, error lines of the console, and dialogs. */
  readonly problems: string[] = [];
  /** Names of all hosts that anything was requested from, sockets included. */
  readonly hosts = new Set<string>();
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  static async open(browser: TestBrowser): Promise<PortalWindow> {
    const context = await browser.context();
    const portal = new PortalWindow(context, await context.newPage());
    portal.#watch();
    return portal;
  }

  /** Goes to an address. @returns the answer that holds the page */
  async go(address: string): Promise<Response> {
    // An address that differs in the fragment alone would load nothing.
    await this.page.goto('about:blank');
    const response = await this.page.goto(address);
    if (response === null) throw new Error(`${address} gave no answer`);
    return response;
  }

  /** The element with a `data-testid`. */
  part(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Messages in one user's pane that show a text. */
  message(who: Who, text: string): Locator {
    return this.part(`messages-${who}`).getByTestId('message').filter({ hasText: text });
  }

  /** Writes a message in one pane and waits until the other shows it. */
  async say(who: Who, text: string): Promise<void> {
    await this.part(`composer-${who}`).fill(text);
    await this.part(`send-${who}`).click();
    await this.message(who === 'alice' ? 'bob' : 'alice', text).waitFor();
  }

  /** Opens the menu of a message in one pane, and chooses. */
  async change(who: Who, text: string, choice: 'edit-message' | 'delete-message'): Promise<void> {
    await this.message(who, text).getByTestId('message-menu').click();
    await this.part(choice).click();
  }

  /** Opens the thread menu of one pane, and chooses. */
  async changeThread(who: Who, choice: 'rename-thread' | 'remove-participant' | 'add-participant'): Promise<void> {
    await this.part(`thread-menu-${who}`).click();
    await this.part(choice).click();
  }

  /** Waits until both panes have their live connection. */
  async live(): Promise<void> {
    for (const who of ['alice', 'bob']) await this.part(`connection-${who}`).getByText('Live', { exact: true }).waitFor();
  }

  /** What reaches beyond the right edge of the window: fields, and the page itself. */
  tooWide(): Promise<string[]> {
    return this.page.evaluate<string[]>(TOO_WIDE);
  }

  expectNoProblems(): void {
    expect(this.problems).toEqual([]);
    expect([...this.hosts]).toEqual(['localhost']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }

  #watch(): void {
    this.page.on('pageerror', (error) => this.problems.push(String(error)));
    this.page.on('console', (message) => {
      const isKnown = REFUSED_EVAL.test(message.text()) && message.location().url.includes(SDK_CHUNK);
      if (message.type() === 'error' && !isKnown) this.problems.push(message.text());
    });
    this.page.on('dialog', (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.page.on('request', (request) => this.#note(request.url()));
    this.page.on('websocket', (socket) => this.#note(socket.url()));
  }

  #note(address: string): void {
    const { protocol, hostname } = new URL(address);
    if (protocol !== 'about:' && protocol !== 'data:') this.hosts.add(hostname);
  }
}
