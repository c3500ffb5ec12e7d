import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import type { ChatProgram } from './browser-chat-program.ts';
import { ChatPageUser, type ChatPageUserOptions } from './browser-chat-user.ts';
import { Site } from './browser-site.ts';
import type { TestBrowser } from './browser.ts';

/** Packages that hold a version of the chat SDK. */
export type ChatSdk = '@azure/communication-chat' | '@azure/communication-chat-1.5.4';

const PROGRAM = fileURLToPath(new URL('browser-chat-program.ts', import.meta.url));

/** A web page of another origin than the server's, with stock chat clients in it. */
export class ChatPage implements AsyncDisposable {
  readonly page: Page;
  /** Errors that nothing in the page caught. */
  readonly errors: string[] = [];
  readonly #site: Site;
  readonly #context: BrowserContext;
  readonly #users = new Map<string, ChatPageUser>();

  private constructor(parts: { readonly site: Site; readonly context: BrowserContext; readonly page: Page }) {
    this.#site = parts.site;
    this.#context = parts.context;
    this.page = parts.page;
  }

  /** Bundles the SDK as an application would, and opens a page with it. */
  static async open(browser: TestBrowser, sdk: ChatSdk = '@azure/communication-chat'): Promise<ChatPage> {
    const site = await Site.open({ title: 'Chat', program: PROGRAM, alias: { '@azure/communication-chat': sdk } });
    const context = await browser.context();
    const chat = new ChatPage({ site, context, page: await context.newPage() });
    await chat.#load();
    return chat;
  }

  /** Connects a user; resolves when real-time notifications are started, not yet when they are connected. */
  async connect(options: ChatPageUserOptions): Promise<ChatPageUser> {
    const user = new ChatPageUser(this.page, options);
    this.#users.set(user.name, user);
    const { name, endpoint, token, refresh } = options;
    await this.page.evaluate((connect) => (globalThis as unknown as { chatProgram: ChatProgram }).chatProgram.connect(connect), {
      user: name,
      endpoint,
      token,
      refreshes: refresh !== undefined,
    });
    return user;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    this.#site[Symbol.dispose]();
  }

  async #load(): Promise<void> {
    this.page.on('pageerror', (error) => this.errors.push(String(error)));
    await this.page.exposeFunction('reportEvent', (user: string, event: string, payload: unknown) =>
      this.#userOf(user).take(event, payload),
    );
    await this.page.exposeFunction('freshToken', (user: string) => this.#userOf(user).freshToken());
    await this.page.goto(this.#site.address);
  }

  #userOf(name: string): ChatPageUser {
    const user = this.#users.get(name);
    if (user === undefined) throw new Error(`nobody is called ${name}`);
    return user;
  }
}
