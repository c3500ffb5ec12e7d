import type { AdminChatMessage, AdminChatParticipant, AdminChatThread, AdminChatThreadItem } from '@switchboard/contract';
import type { AdminApi } from '../admin-api.ts';

export type ThreadItem = AdminChatThreadItem;
export type Thread = AdminChatThread;
export type Participant = AdminChatParticipant;
export type Receipt = Thread['receipts'][number];
export type WireMessage = AdminChatMessage;
export type RetentionPolicy = NonNullable<ThreadItem['retentionPolicy']>;
/** Which days, and which setting says so; null days are without end. */
export type Retention = Pick<Thread, 'messageRetentionDays' | 'messageRetentionSetBy'>;
/** Days, or null for without end, or `default` for what the next wider setting says. */
export type RetentionDays = number | null | 'default';

export interface Page<T> {
  readonly value: readonly T[];
  /** Address of the next page. */
  readonly nextLink?: string;
}

export interface ThreadQuery {
  readonly resource: string;
  readonly deleted: boolean;
  /** Raw id of a user who takes part or took part; empty for any. */
  readonly user: string;
}

/** The chat part of the admin API, for one resource. */
export class ChatApi {
  readonly resource: string;
  readonly #api: AdminApi;

  constructor(api: AdminApi, resource: string) {
    this.#api = api;
    this.resource = resource;
  }

  threads({ deleted, user }: Pick<ThreadQuery, 'deleted' | 'user'>, signal: AbortSignal): Promise<Page<ThreadItem>> {
    const query = new URLSearchParams({ resource: this.resource, deleted: String(deleted), maxPageSize: '100' });
    if (user !== '') query.set('user', user);
    return this.#api.call(`/admin/chat/threads?${query.toString()}`, { signal });
  }

  /** One thread, its participants in the order of their names. */
  async thread(id: string, signal: AbortSignal): Promise<Thread> {
    const thread = await this.#api.call<Thread>(this.#path(id, '', {}), { signal });
    return { ...thread, participants: thread.participants.toSorted(byName) };
  }

  messages(threadId: string, signal: AbortSignal): Promise<Page<WireMessage>> {
    return this.#api.call(this.#path(threadId, '/messages', { maxPageSize: '50' }), { signal });
  }

  /** The page that a `nextLink` names, from the origin that served this page. */
  next<T>(nextLink: string, signal?: AbortSignal): Promise<Page<T>> {
    const { pathname, search } = new URL(nextLink);
    return this.#api.call(pathname + search, signal === undefined ? {} : { signal });
  }

  /** @returns the id of the new thread */
  async createThread(wish: { readonly as: string; readonly topic: string; readonly participants: readonly string[] }): Promise<string> {
    const { as, topic, participants } = wish;
    const answer = await this.#post<{ chatThread: { id: string }; invalidParticipants?: readonly { message: string }[] }>(
      '/admin/chat/threads',
      { as, topic, participants: participants.map((id) => ({ id })) },
    );
    return answer.chatThread.id;
  }

  /** @returns the raw id of a new user */
  async createUser(): Promise<string> {
    return (await this.#post<{ identity: { id: string } }>('/admin/identities', {})).identity.id;
  }

  send(
    threadId: string,
    message: { readonly as: string; readonly content: string; readonly type: 'text' | 'html'; readonly senderDisplayName: string },
  ): Promise<unknown> {
    return this.#post(this.#path(threadId, '/messages'), message);
  }

  type(threadId: string, as: string, senderDisplayName: string): Promise<unknown> {
    return this.#post(this.#path(threadId, '/typing'), { as, senderDisplayName });
  }

  read(threadId: string, as: string, chatMessageId: string): Promise<unknown> {
    return this.#post(this.#path(threadId, '/readReceipts'), { as, chatMessageId });
  }

  /** @throws Error when the user was not taken, with the reason */
  async addParticipant(threadId: string, participant: { readonly id: string; readonly displayName?: string }): Promise<void> {
    const answer = await this.#post<{ invalidParticipants?: readonly { message: string }[] }>(this.#path(threadId, '/participants/:add'), {
      participants: [participant],
    });
    const [refused] = answer.invalidParticipants ?? [];
    if (refused !== undefined) throw new Error(refused.message);
  }

  removeParticipant(threadId: string, id: string): Promise<unknown> {
    return this.#post(this.#path(threadId, '/participants/:remove'), { id });
  }

  update(
    threadId: string,
    change: { readonly topic?: string; readonly retentionPolicy?: RetentionPolicy | null; readonly messageRetentionDays?: RetentionDays },
  ): Promise<unknown> {
    return this.#post(this.#path(threadId), change, 'PATCH');
  }

  delete(threadId: string): Promise<unknown> {
    return this.#api.call(this.#path(threadId, '', {}), { method: 'DELETE' });
  }

  purge(threadId: string): Promise<unknown> {
    return this.#api.call(this.#path(threadId, ':purge', {}), { method: 'POST' });
  }

  /** How long messages of the resource are kept, where their thread says nothing else. */
  retention(signal: AbortSignal): Promise<Retention> {
    return this.#api.call(`/admin/resources/${encodeURIComponent(this.resource)}`, { signal });
  }

  setRetention(messageRetentionDays: RetentionDays): Promise<unknown> {
    return this.#post(`/admin/resources/${encodeURIComponent(this.resource)}`, { messageRetentionDays }, 'PATCH');
  }

  #path(threadId: string, rest = '', query?: Readonly<Record<string, string>>): string {
    const path = `/admin/chat/threads/${encodeURIComponent(threadId)}${rest}`;
    return query === undefined ? path : `${path}?${new URLSearchParams({ resource: this.resource, ...query }).toString()}`;
  }

  #post<T>(path: string, body: object, method: 'POST' | 'PATCH' = 'POST'): Promise<T> {
    const isOfResource = path.startsWith('/admin/resources/');
    return this.#api.call<T>(path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(isOfResource ? body : { resource: this.resource, ...body }),
    });
  }
}

function byName(a: Participant, b: Participant): number {
  return (a.displayName ?? '').localeCompare(b.displayName ?? '') || a.id.localeCompare(b.id);
}

export async function listResources(api: AdminApi, signal: AbortSignal): Promise<readonly string[]> {
  const { value } = await api.call<{ readonly value: readonly { readonly name: string }[] }>('/admin/resources', { signal });
  return value.map(({ name }) => name);
}
