import {
  type Caller,
  checkUpgrade,
  switchingProtocols,
  type TokenVerifier,
  type Upgrade,
  type Upgrades,
  WebSocketConnection,
} from '../../http/index.ts';
import type { Backlog } from '../../lib/backlog.ts';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import { liveErrors } from './errors.ts';
import { type LiveAdmission, MAX_BUFFERED_BYTES } from './live-admission.ts';
import type { LiveHub } from './live-hub.ts';
import type { LiveSessions } from './session.ts';

export interface SocketGatewayOptions {
  readonly hub: LiveHub;
  readonly admission: LiveAdmission;
  readonly sessions: LiveSessions;
  readonly tokens: TokenVerifier;
  readonly timers: Timers;
  readonly backlog: Backlog;
  readonly log: Log;
}

/** Largest packet a client sends is an answer to a push. */
export const MAX_MESSAGE_BYTES = 65_536;
export const CLOSE_TIMEOUT_MS = 2_000;

/** Live connections over WebSocket, after allocation and handshake; wire/chat.md section 6.4. */
export class SocketGateway {
  readonly #options: SocketGatewayOptions;

  constructor(options: SocketGatewayOptions) {
    this.#options = options;
  }

  register(upgrades: Upgrades): void {
    upgrades.add('/socket.io/1/websocket/', (upgrade) => this.#onUpgrade(upgrade));
  }

  async #onUpgrade({ request, socket, head, host, query }: Upgrade): Promise<Caller | undefined> {
    const { hub, admission, sessions, tokens, timers, backlog, log } = this.#options;
    const check = checkUpgrade(request);
    if (!check.ok) throw liveErrors.badUpgrade(check.refusal);
    const session = sessions.open({ sr: query.get('sr') ?? '', sig: query.get('sig') ?? '' });
    if (session === undefined) throw liveErrors.unknownSession();
    const token = await tokens.verifyGrant(session.grant);
    admission.check(token, host.hostname);
    // The client may have gone while its token was looked up.
    if (socket.destroyed) return undefined;
    socket.write(switchingProtocols(check.key));
    const connection = admission.connect(session.ccid, token);
    const webSocket = new WebSocketConnection({
      socket,
      head,
      timers,
      log,
      maxMessageBytes: MAX_MESSAGE_BYTES,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      backlog,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
      onMessage: (text) => void connection.receive(text),
      onClose: () => hub.remove(connection),
    });
    connection.open(webSocket, admission.greeting(token));
    return { kind: 'user', ...token };
  }
}
