import { randomUUID } from 'node:crypto';
import type { ChatUser } from './chat-user.ts';
import { Inbox } from './inbox.ts';
import { allocate, type Allocation, parsePush, type Push, registration, threadOf } from './live-client.ts';

export interface PollAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
  readonly packets: readonly string[];
}

/** The chat SDK's live connection without the SDK: socket.io 0.9 over long polling. */
export class PollingClient {
  readonly allocation: Allocation;
  readonly registrationId = randomUUID();
  readonly pushes = new Inbox<Push>('a push');
  /** Everything the server sent but pushes. */
  readonly packets = new Inbox<string>('a packet');
  /** Whose token each request carries; may change. */
  user: ChatUser;
  readonly sid: string;
  readonly #endpoint: string;
  #isGreeted = false;

  constructor(parts: { readonly endpoint: string; readonly allocation: Allocation; readonly user: ChatUser; readonly sid: string }) {
    this.#endpoint = parts.endpoint;
    this.allocation = parts.allocation;
    this.user = parts.user;
    this.sid = parts.sid;
  }

  /** One poll. @param params instead of the connect parameters that were allocated */
  async poll(options: { readonly params?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {}): Promise<PollAnswer> {
    const { signal } = options;
    const response = await fetch(this.#url(options.params), { headers: this.#headers(), ...(signal === undefined ? {} : { signal }) });
    const text = await response.text();
    const packets = response.status === 200 ? unframed(text) : [];
    for (const packet of packets) this.#receive(packet);
    return { status: response.status, contentType: response.headers.get('content-type'), text, packets };
  }

  /** Polls until the server says that it is over, or refuses. @returns the last answer */
  async run(): Promise<PollAnswer> {
    for (;;) {
      const answer = await this.poll();
      if (answer.status !== 200 || answer.packets.some((packet) => packet.startsWith('0::'))) return answer;
    }
  }

  async send(...packets: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
    return this.sendPayload(framed(packets));
  }

  async sendPayload(body: string | Uint8Array): Promise<{ readonly status: number; readonly text: string }> {
    const headers = { ...this.#headers(), 'content-type': 'text/plain;charset=UTF-8' };
    const response = await fetch(this.#url(), { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  }

  async register(): Promise<Response> {
    return fetch(new URL('/v3/registrations', this.#endpoint), {
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: JSON.stringify(registration(this.registrationId, this.allocation.surl)),
    });
  }

  /** The next event of this kind in this thread; something must poll meanwhile. */
  async event(eventId: number, threadId: string): Promise<Push['event']> {
    const { event } = await this.pushes.take((push) => push.event.eventId === eventId && threadOf(push.event) === threadId);
    return event;
  }

  /** Texts of all messages pushed so far. */
  texts(): unknown[] {
    return this.pushes.all.filter(({ event }) => event.eventId === 200).map(({ event }) => event['messageBody']);
  }

  #url(params: Readonly<Record<string, string>> = this.allocation.connectparams): URL {
    const query = new URLSearchParams({ v: 'v4', ...params, ...(this.#isGreeted ? { connected: 'true' } : {}) });
    return new URL(`/socket.io/1/xhr-polling/${this.sid}?${query.toString()}`, this.#endpoint);
  }

  #headers(): Record<string, string> {
    return { 'x-skypetoken': this.user.token };
  }

  #receive(packet: string): void {
    if (packet.includes('"trouter.connected"')) this.#isGreeted = true;
    const push = parsePush(packet);
    if (push === undefined) this.packets.put(packet);
    else this.pushes.put(push);
  }
}

/** Allocates and shakes hands; nothing is polled yet. */
export async function newPollingClient(endpoint: string, user: ChatUser): Promise<PollingClient> {
  const allocation = await allocate(endpoint, user);
  const query = new URLSearchParams({ v: 'v4', ...allocation.connectparams }).toString();
  const handshake = await fetch(new URL(`/socket.io/1/?${query}`, endpoint), { headers: { 'x-skypetoken': user.token } });
  const [sid = ''] = (await handshake.text()).split(':');
  return new PollingClient({ endpoint, allocation, user, sid });
}

/** Greeted and registered for pushes. @throws Error when a step is refused */
export async function connectPolling(endpoint: string, user: ChatUser): Promise<PollingClient> {
  const client = await newPollingClient(endpoint, user);
  const { status, text } = await client.poll();
  if (status !== 200) throw new Error(`the first poll was answered ${status}: ${text}`);
  const registered = await client.register();
  if (!registered.ok) throw new Error(`the registration was answered ${registered.status}`);
  return client;
}

/** As socket.io 0.9 frames them: one packet goes as it is. */
function framed(packets: readonly string[]): string {
  return packets.length === 1 ? packets.join('') : packets.map((packet) => `\ufffd${packet.length}\ufffd${packet}`).join('');
}

function unframed(payload: string): string[] {
  if (!payload.startsWith('\ufffd')) return [payload];
  const packets: string[] = [];
  for (let at = 0; at < payload.length;) {
    const end = payload.indexOf('\ufffd', at + 1);
    const length = Number(payload.slice(at + 1, end));
    packets.push(payload.slice(end + 1, end + 1 + length));
    at = end + 1 + length;
  }
  return packets;
}
