import { randomUUID } from 'node:crypto';
import type { User } from './chat-api.ts';
import { answeredInTime } from './deadline.ts';
import type { HttpClient, HttpRequest } from './http-client.ts';
import { pushHandler } from './push-handler.ts';
import { WebSocketClient } from './web-socket.ts';

interface Allocation {
  readonly surl: string;
  readonly ccid: string;
  readonly connectparams: Readonly<Record<string, string | number>>;
}

export interface LiveSocketOptions {
  readonly http: HttpClient;
  readonly port: number;
  /** PEM of the authority when `port` is a TLS one. */
  readonly ca?: string;
  readonly user: User;
  /** Whether to answer pushes as the stock client does. */
  readonly answersPushes: boolean;
  /** A pushed message that carries a marker. */
  readonly onMessage: (sequence: number) => void;
  readonly onLost: (error: Error) => void;
}

/**
 * Connects as the stock chat client does: allocate, socket.io 0.9 handshake, WebSocket, `user.activity`, registration.
 * Resolves when the registration is accepted.
 */
export async function connectLiveSocket(options: LiveSocketOptions): Promise<WebSocketClient> {
  const { http, port, ca, user } = options;
  const registrationId = randomUUID();
  const allocate = {
    method: 'POST',
    target: `/v4/a?epid=${registrationId}`,
    headers: { 'X-Skypetoken': user.token, 'Content-Type': 'text/plain' },
  };
  // The shape of wire fact "allocate"; whatever misses shows at once in the handshake.
  const allocation = JSON.parse(await call(http, allocate)) as Allocation;
  const query = connectQuery(allocation, registrationId);
  const handshake = await call(http, { method: 'GET', target: `/socket.io/1/?${query}&t=1`, headers: { 'X-Skypetoken': user.token } });
  const [sid = ''] = handshake.split(':', 1);
  const target = `/socket.io/1/websocket/${sid}?${query}`;
  const socket = await WebSocketClient.connect({ authority: `localhost:${port}`, port, target, ...(ca === undefined ? {} : { ca }) });
  await answeredInTime(greet(socket, options), 'trouter.connected');
  await register(http, { user, registrationId, path: allocation.surl });
  return socket;
}

function connectQuery({ connectparams, ccid }: Allocation, registrationId: string): string {
  const query = new URLSearchParams({ v: 'v4', timeout: '40', auth: 'true', epid: registrationId, ccid });
  for (const [name, value] of Object.entries(connectparams)) query.set(name, String(value));
  return query.toString();
}

/** Resolves at `trouter.connected`; from then on the socket's packets are handled. */
function greet(socket: WebSocketClient, options: LiveSocketOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  function onLost(error: Error): void {
    reject(error);
    options.onLost(error);
  }
  const onPush = pushHandler(socket, { ...options, onLost });
  function onText(packet: string): void {
    if (onPush(packet)) return;
    if (packet === '2::') socket.send('2::');
    else if (packet.includes('"trouter.connected"')) {
      socket.send('5:1+::{"name":"user.activity","args":[{"state":"active","cv":"x.1"}]}');
      resolve();
    }
  }
  socket.listen({ onText, onLost });
  return promise;
}

async function register(
  http: HttpClient,
  { user, registrationId, path }: { user: User; registrationId: string; path: string },
): Promise<void> {
  const clientDescription = {
    appId: 'AcsWeb',
    aesKey: '',
    languageId: 'en-US',
    platform: 'SPOOL',
    templateKey: 'AcsWeb_Chat_2.1',
    platformUIVersion: '0.0.0',
  };
  const body = JSON.stringify({
    clientDescription,
    registrationId,
    nodeId: '',
    transports: { TROUTER: [{ context: '', path, ttl: 7200 }] },
  });
  await call(http, {
    method: 'POST',
    target: '/v3/registrations',
    headers: { 'X-Skypetoken': user.token, 'Content-Type': 'application/json' },
    body,
  });
}

async function call(http: HttpClient, request: HttpRequest): Promise<string> {
  const { status, body } = await http.request(request);
  if (status < 200 || status > 299) throw new Error(`${request.method} ${request.target} was answered ${status}: ${body}`);
  return body;
}
