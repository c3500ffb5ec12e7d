import {
  type Caller,
  checkUpgrade,
  type HttpServer,
  switchingProtocols,
  type TokenVerifier,
  type Upgrade,
  type Upgrades,
  type VerifiedToken,
  WebSocketConnection,
} from '../../http/index.ts';
import type { Backlog } from '../../lib/backlog.ts';
import { ApiError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import { liveErrors } from './errors.ts';
import { CONNECT_PACKET, connectedPacket, type LiveAdmission, MAX_BUFFERED_BYTES } from './live-admission.ts';
import type { LiveConnection } from './live-connection.ts';
import type { LiveHub } from './live-hub.ts';
import { encodePacket, parsePacket } from './packet.ts';
import { CLOSE_TIMEOUT_MS, MAX_MESSAGE_BYTES } from './socket-gateway.ts';

export interface QuickGatewayOptions {
  readonly hub: LiveHub;
  readonly admission: LiveAdmission;
  readonly tokens: TokenVerifier;
  readonly timers: Timers;
  readonly backlog: Backlog;
  readonly log: Log;
  /** The user comes to be known after the upgrade was served. */
  readonly gate: HttpServer['gate'];
}

const PATH = '/v4/c';
/** Time a client has to say who it is; the SDK says so at once, and gives up on the whole connection after 20 s. */
const AUTHENTICATION_MS = 10_000;
/** Sockets whose user is not known yet, all clients together. A client that is refused goes the way of allocation. */
const MAX_STRANGERS = 1_000;
const POLICY_VIOLATION = 1008;

/**
 * Live connections that begin with the socket and bring the token over it; wire/chat.md section 6.8. They replace the three
 * requests of allocation, handshake and socket, for clients whose earlier connect parameters offered it.
 */
export class QuickGateway {
  readonly #options: QuickGatewayOptions;
  #strangers = 0;

  constructor(options: QuickGatewayOptions) {
    this.#options = options;
  }

  register(upgrades: Upgrades): void {
    upgrades.add(PATH, (upgrade) => Promise.resolve(this.#onUpgrade(upgrade)));
  }

  #onUpgrade(upgrade: Upgrade): Caller {
    const check = checkUpgrade(upgrade.request);
    if (!check.ok) throw liveErrors.badUpgrade(check.refusal);
    if (this.#strangers >= MAX_STRANGERS) throw liveErrors.tooManyStrangers();
    upgrade.socket.write(switchingProtocols(check.key));
    this.#strangers += 1;
    new QuickSocket(upgrade, { ...this.#options, onKnown: () => (this.#strangers -= 1) });
    // Its user is known only later, by the packet that names the token.
    return { kind: 'anonymous' };
  }
}

/** One socket, from its opening to its user's connection. */
class QuickSocket {
  readonly #options: QuickGatewayOptions & { readonly onKnown: () => void };
  readonly #upgrade: Upgrade;
  readonly #webSocket: WebSocketConnection;
  readonly #deadline: Timer;
  #state: 'stranger' | 'asking' | 'known' = 'stranger';
  #connection: LiveConnection | undefined;

  constructor(upgrade: Upgrade, options: QuickGatewayOptions & { readonly onKnown: () => void }) {
    this.#upgrade = upgrade;
    this.#options = options;
    const { socket, head } = upgrade;
    const { timers, backlog, log } = options;
    this.#webSocket = new WebSocketConnection({
      socket,
      head,
      timers,
      log,
      maxMessageBytes: MAX_MESSAGE_BYTES,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      backlog,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
      onMessage: (text) => this.#receive(text),
      onClose: () => this.#ended(),
    });
    this.#deadline = timers.after(AUTHENTICATION_MS, () => this.#refuse('authentication timed out'));
    this.#webSocket.sendLatin1(CONNECT_PACKET);
  }

  #receive(text: string): void {
    if (this.#connection !== undefined) {
      this.#connection.receive(text);
      return;
    }
    const token = tokenIn(text);
    // What else may come before the greeting, such as a heartbeat, means nothing.
    if (token === undefined || this.#state !== 'stranger') return;
    this.#state = 'asking';
    void this.#authenticate(token);
  }

  async #authenticate(token: string): Promise<void> {
    try {
      const { gate } = this.#options;
      await gate.opened;
      await gate.serve(gate.generation, () => this.#judge(token));
    } catch (error) {
      if (!(error instanceof ApiError)) this.#options.log.error({ err: error }, 'a live connection could not be authenticated');
      this.#refuse(error instanceof ApiError && error.status === 401 ? 'unauthorized' : 'refused');
    }
  }

  /** @throws ApiError when the user may not connect */
  async #judge(token: string): Promise<void> {
    const verified = await this.#options.tokens.verify(token);
    this.#options.admission.check(verified, this.#upgrade.host.hostname);
    // Not after the deadline, nor when the client has gone meanwhile.
    if (this.#state === 'asking') this.#admit(verified);
  }

  #admit(token: VerifiedToken): void {
    const { admission } = this.#options;
    const { origin } = this.#upgrade;
    this.#known();
    const allocation = admission.allocate(token, origin);
    this.#connection = admission.connect(allocation.ccid, token);
    const connected = { ...allocation, ttl: Number(allocation.ttl), dur: '0', reconnectUrl: `${origin.replace(/^http/, 'ws')}${PATH}` };
    this.#connection.open(this.#webSocket, [connectedPacket(connected)]);
  }

  /** @param reason `unauthorized` makes the client ask its credential for a fresh token; with any other it tries again later */
  #refuse(reason: string): void {
    this.#webSocket.sendLatin1(encodePacket({ type: 'disconnect', endpoint: '', reason: JSON.stringify({ reason }) }));
    this.#webSocket.close(POLICY_VIOLATION, reason);
  }

  #ended(): void {
    this.#known();
    if (this.#connection !== undefined) this.#options.hub.remove(this.#connection);
  }

  #known(): void {
    if (this.#state === 'known') return;
    this.#state = 'known';
    this.#deadline.cancel();
    this.#options.onKnown();
  }
}

/** The token in `user.authenticate`; undefined for every other packet. */
function tokenIn(text: string): string | undefined {
  const parsed = parsePacket(text);
  if (!parsed.ok || parsed.packet.type !== 'event' || parsed.packet.name !== 'user.authenticate') return undefined;
  // Any value can be looked into as an object; what is found is checked.
  const [first] = parsed.packet.args as readonly [{ readonly headers?: Readonly<Record<string, unknown>> } | null | undefined];
  const token = first?.headers?.['X-Skypetoken'];
  return typeof token === 'string' ? token : '';
}
