import { allocateLive, getRealTimeConfig, handshakeLive, registerLive, unregisterLive } from '@switchboard/contract';
import {
  checkUpgrade,
  httpErrors,
  type ResourceDirectory,
  type HttpServer,
  reply,
  switchingProtocols,
  type TokenVerifier,
  type Upgrade,
  type Upgrades,
  type VerifiedToken,
  WebSocketConnection,
} from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type Random, uuid } from '../../lib/random.ts';
import type { Timers } from '../../lib/timers.ts';
import { requireScope } from '../scopes.ts';
import { liveErrors } from './errors.ts';
import { ccidOf, LiveConnection, pushPath } from './live-connection.ts';
import { type LiveHub, userOf } from './live-hub.ts';
import type { LiveSession, LiveSessions } from './session.ts';

export interface LiveGatewayOptions {
  readonly hub: LiveHub;
  readonly sessions: LiveSessions;
  readonly tokens: TokenVerifier;
  readonly resources: ResourceDirectory;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** Longest time a connection or registration is promised; the token usually ends it before. */
const MAX_TTL_SECONDS = 86_400;
/** Largest packet a client sends is an answer to a push. */
const MAX_MESSAGE_BYTES = 65_536;
/** What may wait for a client that does not read: some thirty of the largest messages. */
const MAX_BUFFERED_BYTES = 1_048_576;
const CLOSE_TIMEOUT_MS = 2_000;
/** Heartbeat and close time of the handshake, seconds. */
const HANDSHAKE_TIMES = '70:70';

/** The live services of the chat SDK: configuration, allocation, handshake, registration, and the socket itself. */
export class LiveGateway {
  readonly #options: LiveGatewayOptions;

  constructor(options: LiveGatewayOptions) {
    this.#options = options;
  }

  register(http: HttpServer, upgrades: Upgrades): void {
    const { hub, random, sessions } = this.#options;

    http.route(getRealTimeConfig, ({ caller, origin }) => {
      requireScope(caller, 'takePart');
      return reply(200, { trouterServiceUrl: origin, registrarServiceUrl: origin, cloudType: 'Public' });
    });

    http.route(allocateLive, ({ caller, origin }) => {
      requireScope(caller, 'takePart');
      const ccid = random.bytes(12).toString('base64url');
      const address = `${origin}${pushPath(ccid)}`;
      return reply(200, {
        socketio: `${origin}/`,
        url: address,
        surl: address,
        curlb: origin,
        ccid,
        id: uuid(random),
        ttl: String(this.#ttlSeconds(caller.validUntilMs)),
        connectparams: sessions.seal({ ccid, grant: caller.grant }),
      });
    });

    http.route(handshakeLive, ({ caller }) => {
      requireScope(caller, 'takePart');
      return reply(200, `${random.bytes(12).toString('hex')}:${HANDSHAKE_TIMES}:websocket`, {
        'content-type': 'text/plain; charset=utf-8',
      });
    });

    http.route(registerLive, ({ caller, body }) => {
      requireScope(caller, 'takePart');
      for (const { path } of body.transports.TROUTER) {
        const ccid = ccidOf(path);
        if (ccid === undefined) throw liveErrors.unknownPath();
        hub.register(caller, { id: body.registrationId, ccid });
      }
      return reply(202);
    });

    http.route(unregisterLive, ({ caller, params }) => {
      requireScope(caller, 'takePart');
      hub.unregister(userOf(caller.grant), params.registrationId);
      return reply(204);
    });

    upgrades.add('/socket.io/1/websocket/', (upgrade) => this.#onUpgrade(upgrade));
  }

  async #onUpgrade(upgrade: Upgrade): Promise<void> {
    const check = checkUpgrade(upgrade.request);
    if (!check.ok) throw liveErrors.badUpgrade(check.refusal);
    const session = this.#options.sessions.open({ sr: upgrade.query.get('sr') ?? '', sig: upgrade.query.get('sig') ?? '' });
    if (session === undefined) throw liveErrors.unknownSession();
    const token = await this.#options.tokens.verifyGrant(session.grant);
    const named = this.#options.resources.byHost(upgrade.host.hostname);
    if (named !== 'shared' && named?.id !== token.resource.id) throw httpErrors.wrongResource(upgrade.host.hostname);
    requireScope(token, 'takePart');
    const { hub } = this.#options;
    const { limits } = token.resource;
    if (hub.countOf(userOf(token.grant)) >= limits.value('chat.live-connections-per-user')) throw liveErrors.tooMany(limits);
    // The client may have gone while its token was looked up.
    if (upgrade.socket.destroyed) return;
    upgrade.socket.write(switchingProtocols(check.key));
    this.#open(upgrade, session, token);
  }

  #open({ socket, head }: Upgrade, session: LiveSession, token: VerifiedToken): void {
    const { hub, timers, log } = this.#options;
    const connection = new LiveConnection({
      ccid: session.ccid,
      grant: session.grant,
      ttlSeconds: this.#ttlSeconds(token.validUntilMs),
      monotonicMs: () => timers.monotonicMs(),
    });
    const webSocket = new WebSocketConnection({
      socket,
      head,
      timers,
      log,
      maxMessageBytes: MAX_MESSAGE_BYTES,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
      onMessage: (text) => connection.receive(text),
      onClose: () => hub.remove(connection),
    });
    hub.add(connection, token.validUntilMs);
    connection.open(webSocket);
  }

  #ttlSeconds(validUntilMs: number): number {
    const leftSeconds = Math.floor((validUntilMs - this.#options.clock.now()) / 1000);
    return Math.max(1, Math.min(MAX_TTL_SECONDS, leftSeconds));
  }
}
