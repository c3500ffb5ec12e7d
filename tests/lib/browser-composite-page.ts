import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { CompositeProgram, MountOptions } from './browser-composite-program.ts';
import { Site } from './browser-site.ts';
import type { TestBrowser } from './browser.ts';

const PROGRAM = fileURLToPath(new URL('browser-composite-program.ts', import.meta.url));
// The library fills the element it is given.
const STYLE = '<style>body { display: flex; gap: 1rem; height: 95vh; margin: 1rem } section { flex: 1; min-width: 0 }</style>';
const NEAR = ['localhost', '127.0.0.1'];

/** A page with composites of the vendor's UI library, which notes what a visitor should never see. */
export class CompositePage implements AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, and error lines of the console. */
  readonly problems: string[] = [];
  /** Hosts other than this machine that anything was wanted from; nothing reaches them. */
  readonly foreignHosts = new Set<string>();
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  /** A site that serves the library, bundled as an application would bundle it. */
  static site(): Promise<Site> {
    return Site.open({ title: 'ChatComposite', program: PROGRAM, body: STYLE });
  }

  static async open(browser: TestBrowser, site: Site): Promise<CompositePage> {
    const context = await browser.context({ viewport: { width: 1200, height: 800 } });
    const opened = new CompositePage(context, await context.newPage());
    await opened.#watch();
    await opened.page.goto(site.address);
    return opened;
  }

  /** Shows a composite beside those that are there; it receives live events from then on. */
  async mount(options: MountOptions): Promise<CompositePane> {
    const registered = this.page.waitForResponse((response) => new URL(response.url()).pathname === '/v3/registrations');
    await this.page.evaluate(
      (mount) => (globalThis as unknown as { compositeProgram: CompositeProgram }).compositeProgram.mount(mount),
      options,
    );
    await registered;
    return new CompositePane(this.page.getByTestId(options.displayName));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }

  async #watch(): Promise<void> {
    this.page.on('pageerror', (error) => this.problems.push(String(error)));
    this.page.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error' && !this.foreignHosts.has(hostOf(url))) this.problems.push(`${message.text()} ${url}`);
    });
    await this.#context.route(
      ({ hostname }) => !NEAR.includes(hostname),
      async (route) => {
        this.foreignHosts.add(hostOf(route.request().url()));
        await route.abort();
      },
    );
  }
}

/** One composite, as its user sees it. */
export class CompositePane {
  readonly root: Locator;
  /** Who is typing, in words. */
  readonly typing: Locator;
  readonly #sendBox: Locator;

  constructor(root: Locator) {
    this.root = root;
    this.typing = root.locator('[data-ui-id=typing-indicator]');
    this.#sendBox = root.getByPlaceholder('Enter a message');
  }

  /** The bubble of a message. */
  message(text: string): Locator {
    return this.root.getByTestId('chat-composite-message').filter({ hasText: text });
  }

  /** A line between the messages, such as `Carol joined the chat.`; its twin for screen readers is left out. */
  notice(text: string): Locator {
    return this.root.getByRole('status', { name: text, exact: true });
  }

  /** Types as a person does, key by key. */
  async type(text: string): Promise<void> {
    await this.#sendBox.pressSequentially(text);
  }

  async say(text: string): Promise<void> {
    await this.#sendBox.fill(text);
    await this.root.getByLabel('Send message').click();
  }

  /** Opens the menu of one of the user's own messages, and chooses. */
  async choose(text: string, choice: 'Edit' | 'Delete'): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('button', { name: 'More Options' }).click();
    // The menu opens at the end of the page, outside of the pane.
    await this.root.page().getByRole('menuitem', { name: choice }).click();
  }

  /** Ends the editing of a message. */
  async rewrite(text: string): Promise<void> {
    await this.root.getByPlaceholder('Edit your message').fill(text);
    await this.root.getByRole('button', { name: 'Done' }).click();
  }
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : '';
}
