import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ErrorBody } from './chat-rest.ts';
import type { ChatUser } from './chat-user.ts';
import { Inbox } from './inbox.ts';

export interface Allocation {
  readonly socketio: string;
  readonly surl: string;
  readonly ccid: string;
  /** Seconds. */
  readonly ttl: string;
  readonly connectparams: Readonly<Record<string, string>>;
}

/** A pushed request, and the event inside. */
export interface Push {
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly event: Readonly<Record<string, unknown>> & { readonly eventId: number };
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export interface LiveOptions {
  /** Whether to register for pushes; true by default. */
  readonly registers?: boolean;
  /** Of an earlier connection, to allocate again as its client does. */
  readonly connectparams?: Readonly<Record<string, string>>;
  readonly registrationId?: string;
  /** How long to wait for the server's greeting; a storm of clients waits longer. */
  readonly greetingTimeoutMs?: number;
}

/** The chat SDK's live connection without the SDK: socket.io 0.9 over a WebSocket. */
export class LiveClient implements Disposable {
  readonly allocation: Allocation;
  readonly registrationId: string;
  readonly pushes = new Inbox<Push>('a push');
  /** Everything the server sent but pushes. */
  readonly packets = new Inbox<string>('a packet');
  readonly closed: Promise<Closing>;
  readonly socket: WebSocket;
  readonly #endpoint: string;
  #acks = 0;

  constructor(parts: {
    readonly endpoint: string;
    readonly allocation: Allocation;
    readonly registrationId: string;
    readonly socket: WebSocket;
  }) {
    this.#endpoint = parts.endpoint;
    this.allocation = parts.allocation;
    this.registrationId = parts.registrationId;
    this.socket = parts.socket;
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
    this.socket.on('message', (data: Buffer) => this.#receive(data.toString('utf8')));
    // What goes wrong shows as a close.
    this.socket.on('error', () => undefined);
  }

  /** Asks for pushes, with the user's present token. */
  async register(user: ChatUser): Promise<Response> {
    return fetch(new URL('/v3/registrations', this.#endpoint), {
      method: 'POST',
      headers: { 'x-skypetoken': user.token, 'content-type': 'application/json' },
      body: JSON.stringify(registration(this.registrationId, this.allocation.surl)),
    });
  }

  async unregister(user: ChatUser): Promise<Response> {
    const url = new URL(`/v3/registrations/${this.registrationId}`, this.#endpoint);
    return fetch(url, { method: 'DELETE', headers: { 'x-skypetoken': user.token } });
  }

  /** Sends an event that must be acknowledged. @returns the acknowledgement */
  async emit(name: string, args: readonly unknown[] = []): Promise<string> {
    this.#acks += 1;
    const id = this.#acks;
    this.socket.send(`5:${id}+::${JSON.stringify({ name, args })}`);
    return this.packets.take((packet) => packet.startsWith(`6:::${id}`) && !/^\d/.test(packet.slice(`6:::${id}`.length)));
  }

  /** The next event of this kind in this thread. */
  async event(eventId: number, threadId: string): Promise<Push['event']> {
    const { event } = await this.pushes.take((push) => push.event.eventId === eventId && threadOf(push.event) === threadId);
    return event;
  }

  /** Texts of all messages pushed so far. */
  texts(): unknown[] {
    return this.pushes.all.filter(({ event }) => event.eventId === 200).map(({ event }) => event['messageBody']);
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }

  #receive(packet: string): void {
    const push = parsePush(packet);
    if (push === undefined) {
      this.packets.put(packet);
      return;
    }
    this.socket.send(`3:::${JSON.stringify({ id: push.id, status: 200, headers: { 'trouter-client': '{"cd":1}' }, body: '' })}`);
    this.pushes.put(push);
  }
}

/** Undefined for any other packet. */
export function parsePush(packet: string): Push | undefined {
  if (!packet.startsWith('3:::')) return undefined;
  const { body, ...push } = JSON.parse(packet.slice('3:::'.length)) as Omit<Push, 'event'> & { readonly body: string };
  return { ...push, event: JSON.parse(body) as Push['event'] };
}

/** Connects as the SDK does, and registers unless told otherwise. @throws Error when a step is refused */
export async function connectLive(endpoint: string, user: ChatUser, options: LiveOptions = {}): Promise<LiveClient> {
  const allocation = await allocate(endpoint, user, options.connectparams);
  const client = await openSocket(endpoint, allocation, options);
  if (options.registers === false) return client;
  const { status } = await client.register(user);
  if (status < 200 || status > 299) throw new Error(`the registration was answered ${status}`);
  return client;
}

/** @param connectparams of an earlier connection, which a reconnecting client repeats */
export async function allocate(
  endpoint: string,
  user: ChatUser,
  connectparams: Readonly<Record<string, string>> = {},
): Promise<Allocation> {
  const response = await fetch(new URL(`/v4/a?${new URLSearchParams({ epid: 'test', ...connectparams }).toString()}`, endpoint), {
    method: 'POST',
    headers: { 'x-skypetoken': user.token, 'content-type': 'text/plain' },
  });
  if (response.status !== 200) throw new Error(`the allocation was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Allocation;
}

/** What the server answered instead of opening a socket. */
class SocketRefused extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ErrorBody;

  constructor({ statusCode = 0, headers }: IncomingMessage, body: string) {
    super(`the socket was answered ${statusCode}`);
    this.status = statusCode;
    this.headers = headers;
    this.body = JSON.parse(body) as ErrorBody;
  }
}

/** Opens the socket alone. @throws SocketRefused */
export async function openSocket(
  endpoint: string,
  allocation: Allocation,
  options: Pick<LiveOptions, 'registrationId' | 'greetingTimeoutMs'> = {},
): Promise<LiveClient> {
  const { registrationId = randomUUID(), greetingTimeoutMs } = options;
  const { ccid, connectparams } = allocation;
  const query = new URLSearchParams({ v: 'v4', timeout: '40', auth: 'true', epid: registrationId, ccid, ...connectparams });
  const socket = new WebSocket(`${endpoint.replace(/^http/, 'ws').replace(/\/$/, '')}/socket.io/1/websocket/sid?${query.toString()}`);
  const client = new LiveClient({ endpoint, allocation, registrationId, socket });
  await Promise.race([client.packets.take((packet) => packet.includes('"trouter.connected"'), greetingTimeoutMs), refusal(socket)]);
  return client;
}

async function refusal(socket: WebSocket): Promise<never> {
  // Rejects when the connection fails before there is an answer.
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  throw new SocketRefused(response, body);
}

export function registration(registrationId: string, path: string): object {
  return {
    clientDescription: {
      appId: 'AcsWeb',
      aesKey: '',
      languageId: 'en-US',
      platform: 'SPOOL',
      templateKey: 'AcsWeb_Chat_2.1',
      platformUIVersion: '0.0.0',
    },
    registrationId,
    nodeId: '',
    transports: { TROUTER: [{ context: '', path, ttl: 7200 }] },
  };
}

export function threadOf(event: Push['event']): unknown {
  return event['groupId'] === '' ? event['threadId'] : event['groupId'];
}
