import type {
  ChatMessage,
  ChatMessageReadReceipt,
  ChatParticipant,
  ChatThreadItem,
  ChatThreadProperties,
  ParticipantError,
} from '@switchboard/contract';
import { expect } from 'vitest';
import type { ChatUser } from './chat-user.ts';

export const CHAT_API_VERSION = '2025-03-15';

export interface RestAnswer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Page<T> {
  readonly value: readonly T[];
  readonly nextLink?: string;
}

export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly target?: string };
}

export interface CreatedThreadBody {
  readonly chatThread: ChatThreadProperties;
  readonly invalidParticipants?: readonly ParticipantError[];
}

export interface RestCall {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
}

/** The chat API without an SDK: for what the SDKs do not send, and for exact bytes. */
export class ChatRest {
  readonly user: ChatUser;
  readonly #endpoint: string;

  constructor(endpoint: string, user: ChatUser) {
    this.#endpoint = endpoint;
    this.user = user;
  }

  async call<T = unknown>(method: string, path: string, { body, headers, query }: RestCall = {}): Promise<RestAnswer<T>> {
    const url = new URL(path, this.#endpoint);
    const parameters: NonNullable<RestCall['query']> = { 'api-version': CHAT_API_VERSION, ...query };
    for (const [name, value] of Object.entries(parameters)) {
      if (!url.searchParams.has(name)) url.searchParams.set(name, String(value));
    }
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.user.token}`,
        ...(body === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** Creates a thread with these users beside the caller. @returns its id */
  async createThread(users: readonly ChatUser[] = [], topic = 'Lunch'): Promise<string> {
    const participants = users.map(({ id }) => ({ communicationIdentifier: { communicationUser: { id } } }));
    const { status, body } = await this.call<CreatedThreadBody>('POST', '/chat/threads', { body: { topic, participants } });
    expect(status).toBe(201);
    return body.chatThread.id;
  }

  /** @returns the id of the message */
  async send(threadId: string, content: string, more: object = {}): Promise<string> {
    const { status, body } = await this.call<{ id: string }>('POST', `${threadPath(threadId)}/messages`, { body: { content, ...more } });
    expect(status).toBe(201);
    return body.id;
  }

  async message(threadId: string, messageId: string): Promise<ChatMessage> {
    const { status, body } = await this.call<ChatMessage>('GET', `${threadPath(threadId)}/messages/${messageId}`);
    expect(status).toBe(200);
    return body;
  }

  async messages(threadId: string): Promise<ChatMessage[]> {
    return (await this.pages<ChatMessage>(`${threadPath(threadId)}/messages`)).flat();
  }

  async participants(threadId: string): Promise<ChatParticipant[]> {
    return (await this.pages<ChatParticipant>(`${threadPath(threadId)}/participants`)).flat();
  }

  async read(threadId: string, chatMessageId: string): Promise<RestAnswer> {
    return this.call('POST', `${threadPath(threadId)}/readReceipts`, { body: { chatMessageId } });
  }

  async receipts(threadId: string): Promise<ChatMessageReadReceipt[]> {
    return (await this.pages<ChatMessageReadReceipt>(`${threadPath(threadId)}/readReceipts`)).flat();
  }

  async threads(): Promise<ChatThreadItem[]> {
    return (await this.pages<ChatThreadItem>('/chat/threads')).flat();
  }

  /** Every page of a list, by following the links as they are. */
  async pages<T>(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<T[][]> {
    const pages: T[][] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const { status, body }: RestAnswer<Page<T>> = await this.call('GET', next, pages.length === 0 ? { query } : {});
      expect(status).toBe(200);
      pages.push([...body.value]);
      next = body.nextLink;
    }
    return pages;
  }

  async add(threadId: string, users: readonly ChatUser[], more: object = {}): Promise<RestAnswer> {
    const participants = users.map(({ id }) => ({ communicationIdentifier: { communicationUser: { id } }, ...more }));
    return this.call('POST', `${threadPath(threadId)}/participants/:add`, { body: { participants } });
  }

  async remove(threadId: string, user: ChatUser): Promise<RestAnswer> {
    return this.call('POST', `${threadPath(threadId)}/participants/:remove`, { body: { communicationUser: { id: user.id } } });
  }
}

export function threadPath(threadId: string): string {
  return `/chat/threads/${encodeURIComponent(threadId)}`;
}

/** Asserts status, code and target of a refusal, and that it says something in the envelope of the chat API. */
export function expectRefusal(
  answer: RestAnswer,
  expected: { readonly status: number; readonly code: string; readonly target?: string },
): void {
  const { error } = answer.body as ErrorBody;
  expect({ status: answer.status, code: error.code, ...(expected.target === undefined ? {} : { target: error.target }) }).toEqual(expected);
  expect(error.message).not.toBe('');
  expect(answer.headers.get('x-ms-error-code')).toBe(expected.code);
}
