import type { AdminChatMessage, AdminChatThread, AdminChatThreadItem, PresenceItem } from '@switchboard/contract';
import { expect } from 'vitest';
import type { Page } from './chat-rest.ts';
import type { AdminAnswer, TestServer } from './server.ts';

type Query = Readonly<Record<string, string | number | boolean>>;

/** The administrator's side of chat, over one resource. */
export class AdminChat {
  readonly #server: TestServer;
  readonly #resource: string;

  constructor(server: TestServer, resource = 'local') {
    this.#server = server;
    this.#resource = resource;
  }

  get<T>(path: string, query: Query = {}): Promise<AdminAnswer<T>> {
    return this.#server.admin<T>('GET', `/admin/chat/${path}?${this.#search(query)}`);
  }

  post<T>(path: string, body: object): Promise<AdminAnswer<T>> {
    return this.#server.admin<T>('POST', `/admin/chat/${path}`, { resource: this.#resource, ...body });
  }

  threads(query: Query = {}): Promise<AdminChatThreadItem[]> {
    return this.#all<AdminChatThreadItem>('threads', query);
  }

  async thread(threadId: string): Promise<AdminChatThread> {
    return ok(await this.get<AdminChatThread>(threadPath(threadId)));
  }

  messages(threadId: string, query: Query = {}): Promise<AdminChatMessage[]> {
    return this.#all<AdminChatMessage>(`${threadPath(threadId)}/messages`, query);
  }

  /** Messages found by the inbox, newest first. */
  async find(query: Query = {}): Promise<AdminChatMessage[]> {
    return ok(await this.get<{ value: AdminChatMessage[] }>('messages', query)).value;
  }

  presence(query: Query = {}): Promise<PresenceItem[]> {
    return this.#all<PresenceItem>('presence', query);
  }

  delete(threadId: string): Promise<AdminAnswer<unknown>> {
    return this.#server.admin('DELETE', `/admin/chat/${threadPath(threadId)}?${this.#search({})}`);
  }

  purge(threadId: string): Promise<AdminAnswer<unknown>> {
    return this.#server.admin('POST', `/admin/chat/${threadPath(threadId)}:purge?${this.#search({})}`);
  }

  /** @returns the id of the message */
  async send(threadId: string, message: { readonly as: string; readonly content: string; readonly type?: string }): Promise<string> {
    const { status, body } = await this.post<{ id: string }>(`${threadPath(threadId)}/messages`, message);
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  }

  /** Every page, by following the links. */
  async pages<T>(path: string, query: Query = {}): Promise<(readonly T[])[]> {
    const pages: (readonly T[])[] = [];
    let next: string | undefined = `/admin/chat/${path}?${this.#search(query)}`;
    while (next !== undefined) {
      const page: Page<T> = ok(await this.#server.admin<Page<T>>('GET', next));
      pages.push(page.value);
      next = page.nextLink;
    }
    return pages;
  }

  async #all<T>(path: string, query: Query): Promise<T[]> {
    return (await this.pages<T>(path, query)).flat();
  }

  #search(query: Query): string {
    return new URLSearchParams({ resource: this.#resource, ...mapped(query) }).toString();
  }
}

function threadPath(threadId: string): string {
  return `threads/${encodeURIComponent(threadId)}`;
}

function ok<T>({ status, body }: AdminAnswer<T>): T {
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

function mapped(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}
