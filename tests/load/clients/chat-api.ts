import { signRequest, type AccessKey } from './access-key.ts';
import { formatRequest, type HttpClient, type HttpRequest } from './http-client.ts';

const identityVersion = 'api-version=2023-10-01';
const chatVersion = 'api-version=2025-03-15';

export interface User {
  readonly id: string;
  readonly token: string;
}

/** The few REST calls the benches need. Each rejects on any status but the documented one. */
export class ChatApi {
  readonly http: HttpClient;
  readonly accessKey: AccessKey;

  constructor(http: HttpClient, accessKey: AccessKey) {
    this.http = http;
    this.accessKey = accessKey;
  }

  async createUser(): Promise<User> {
    const request = { method: 'POST', target: `/identities?${identityVersion}`, body: '{"createTokenWithScopes":["chat"]}' };
    const headers = { 'Content-Type': 'application/json', ...signRequest(this.accessKey, request) };
    const answer = await this.call<{ identity: { id: string }; accessToken: { token: string } }>({ ...request, headers }, 201);
    return { id: answer.identity.id, token: answer.accessToken.token };
  }

  createUsers(count: number): Promise<User[]> {
    return Promise.all(Array.from({ length: count }, () => this.createUser()));
  }

  /** Returns the thread's id. The first user creates it. */
  async createThread(users: readonly User[]): Promise<string> {
    const participants = users.map(({ id }) => ({ communicationIdentifier: { communicationUser: { id } } }));
    const request = {
      method: 'POST',
      target: `/chat/threads?${chatVersion}`,
      headers: jsonHeaders(users[0]),
      body: JSON.stringify({ topic: 'bench', participants }),
    };
    return (await this.call<{ chatThread: { id: string } }>(request, 201)).chatThread.id;
  }

  /** Everything of a send request that does not change from one message to the next: a function of its ASCII text. */
  sendRequest(user: User, threadId: string): (text: string) => string {
    const target = `/chat/threads/${encodeURIComponent(threadId)}/messages?${chatVersion}`;
    const sample = formatRequest(this.http.authority, { method: 'POST', target, headers: jsonHeaders(user), body: '' });
    const head = sample.slice(0, sample.indexOf('Content-Length'));
    return (text) => `${head}Content-Length: ${text.length + 14}\r\n\r\n{"content":"${text}"}`;
  }

  /** Sends a request made by {@link sendRequest}. */
  async send(requestText: string): Promise<void> {
    const { status, body } = await this.http.exchange(requestText);
    if (status !== 201) throw new Error(`a send was answered ${status}: ${body}`);
  }

  listRequest(user: User, threadId: string, pageSize: number): HttpRequest {
    const target = `/chat/threads/${encodeURIComponent(threadId)}/messages?maxPageSize=${pageSize}&${chatVersion}`;
    return { method: 'GET', target, headers: bearer(user) };
  }

  editRequest(user: User, edit: { readonly threadId: string; readonly messageId: string; readonly content: string }): HttpRequest {
    const target = `/chat/threads/${encodeURIComponent(edit.threadId)}/messages/${edit.messageId}?${chatVersion}`;
    const headers = { ...bearer(user), 'Content-Type': 'application/merge-patch+json' };
    return { method: 'PATCH', target, headers, body: JSON.stringify({ content: edit.content }) };
  }

  async call<T>(request: HttpRequest, expectedStatus: number): Promise<T> {
    const { status, body } = await this.http.request(request);
    if (status !== expectedStatus) throw new Error(`${request.method} ${request.target} was answered ${status}: ${body}`);
    // The caller names the documented shape; a wrong one shows as a failing bench.
    return JSON.parse(body) as T;
  }
}

export function bearer(user: User | undefined): Record<string, string> {
  return { Authorization: `Bearer ${user?.token}` };
}

function jsonHeaders(user: User | undefined): Record<string, string> {
  return { ...bearer(user), 'Content-Type': 'application/json' };
}
