import type { ChatClient, ChatThreadClient } from '@azure/communication-chat';
import type { Page } from 'playwright-core';
import type { ChatProgram } from './browser-chat-program.ts';

/** Longer than the SDK's longest pause of a minute's outage. */
const PATIENCE_MS = 60_000;

export interface ChatPageUserOptions {
  readonly name: string;
  /** Raw id of the user. */
  readonly id: string;
  readonly endpoint: string;
  readonly token: string;
  /** Issues a newer token; without it the credential holds one token for good. */
  readonly refresh?: () => Promise<string>;
}

export interface ReceivedEvent {
  readonly name: string;
  /** Dates stay dates. */
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Waiter {
  readonly event: string;
  readonly resolve: (event: ReceivedEvent) => void;
}

/** Methods of a client whose answer is a value, not a listing. */
type Calls<Client> = { [M in keyof Client as Client[M] extends (...args: never[]) => Promise<unknown> ? M : never]: Client[M] };
type ArgsOf<Method> = Method extends (...args: infer Args) => unknown ? Args : never;
type ResultOf<Method> = Method extends (...args: never[]) => Promise<infer Result> ? Result : never;

/** A user whose chat client runs in the page: what it received, and what it can be made to do. */
export class ChatPageUser {
  readonly name: string;
  readonly id: string;
  /** Everything received so far, in the order of arrival. */
  readonly received: ReceivedEvent[] = [];
  readonly #page: Page;
  readonly #options: ChatPageUserOptions;
  readonly #unread: ReceivedEvent[] = [];
  #waiters: Waiter[] = [];

  constructor(page: Page, options: ChatPageUserOptions) {
    this.#page = page;
    this.#options = options;
    this.name = options.name;
    this.id = options.id;
  }

  /** Calls a method of the user's `ChatClient` in the page. */
  client<M extends keyof Calls<ChatClient>>(method: M, ...args: ArgsOf<ChatClient[M]>): Promise<ResultOf<ChatClient[M]>> {
    return this.#page.evaluate(
      ({ user, name, values }) => (globalThis as unknown as { chatProgram: ChatProgram }).chatProgram.client(user, name, values),
      { user: this.name, name: method, values: args },
    ) as Promise<ResultOf<ChatClient[M]>>;
  }

  /** Calls a method of the user's `ChatThreadClient` in the page. */
  thread<M extends keyof Calls<ChatThreadClient>>(
    threadId: string,
    method: M,
    ...args: ArgsOf<ChatThreadClient[M]>
  ): Promise<ResultOf<ChatThreadClient[M]>> {
    return this.#page.evaluate(
      ({ user, thread, call }) => (globalThis as unknown as { chatProgram: ChatProgram }).chatProgram.thread(user, thread, call),
      { user: this.name, thread: threadId, call: { method, args } },
    ) as Promise<ResultOf<ChatThreadClient[M]>>;
  }

  async disconnect(): Promise<void> {
    await this.#page.evaluate((user) => (globalThis as unknown as { chatProgram: ChatProgram }).chatProgram.disconnect(user), this.name);
  }

  /** The next event of this name that no call has answered yet; those of other names stay unread. */
  async next(event: string): Promise<ReceivedEvent['payload']> {
    const index = this.#unread.findIndex(({ name }) => name === event);
    if (index !== -1) return this.#unread.splice(index, 1)[0]!.payload;
    const { promise, resolve, reject } = Promise.withResolvers<ReceivedEvent>();
    this.#waiters.push({ event, resolve });
    const timer = setTimeout(() => {
      reject(new Error(`${this.name} got no ${event}; received: ${this.received.map(({ name }) => name).join(', ')}`));
    }, PATIENCE_MS);
    try {
      return (await promise).payload;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Called by the page. */
  take(name: string, payload: unknown): void {
    const event = { name, payload: (payload ?? {}) as ReceivedEvent['payload'] };
    this.received.push(event);
    const waiter = this.#waiters.find((one) => one.event === name);
    if (waiter === undefined) this.#unread.push(event);
    else {
      this.#waiters = this.#waiters.filter((one) => one !== waiter);
      waiter.resolve(event);
    }
  }

  /** Called by the page's credential. */
  freshToken(): Promise<string> {
    const { refresh } = this.#options;
    if (refresh === undefined) throw new Error(`${this.name} cannot get another token`);
    return refresh();
  }
}
