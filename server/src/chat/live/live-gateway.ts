import { allocateLive, getRealTimeConfig, handshakeLive, registerLive, unregisterLive } from '@switchboard/contract';
import { type HttpServer, reply, type ResourceDirectory, type TokenVerifier, type Upgrades } from '../../http/index.ts';
import type { Backlog } from '../../lib/backlog.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Timers } from '../../lib/timers.ts';
import { requireScope } from '../scopes.ts';
import { liveErrors } from './errors.ts';
import { LiveAdmission } from './live-admission.ts';
import { ccidOf, userOf } from './live-connection.ts';
import type { LiveHub } from './live-hub.ts';
import { PollingGateway } from './polling-gateway.ts';
import { QuickGateway } from './quick-gateway.ts';
import type { LiveSessions } from './session.ts';
import { SocketGateway } from './socket-gateway.ts';

export interface LiveGatewayOptions {
  readonly hub: LiveHub;
  readonly sessions: LiveSessions;
  readonly tokens: TokenVerifier;
  readonly resources: ResourceDirectory;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Counts what waits for clients that do not read. */
  readonly backlog: Backlog;
  readonly random: Random;
  readonly log: Log;
  /** Whether clients may come back over /v4/c. */
  readonly offersQuick: boolean;
}

/** Heartbeat and close time of the handshake, seconds. */
const HANDSHAKE_TIMES = '70:70';
/** In the order in which the client tries them. */
const TRANSPORTS = 'websocket,xhr-polling';

/** The live services of the chat SDK: configuration, allocation, handshake, registration, and the connections themselves. */
export class LiveGateway {
  readonly #options: LiveGatewayOptions;

  constructor(options: LiveGatewayOptions) {
    this.#options = options;
  }

  register(http: HttpServer, upgrades: Upgrades): void {
    const { hub, random } = this.#options;
    const admission = new LiveAdmission(this.#options);

    http.route(getRealTimeConfig, ({ caller, origin }) => {
      requireScope(caller, 'takePart');
      return reply(200, { trouterServiceUrl: origin, registrarServiceUrl: origin, cloudType: 'Public' });
    });

    http.route(allocateLive, ({ caller, origin }) => reply(200, admission.allocate(caller, origin)));

    http.route(handshakeLive, ({ caller }) => {
      requireScope(caller, 'takePart');
      return reply(200, `${random.bytes(12).toString('hex')}:${HANDSHAKE_TIMES}:${TRANSPORTS}`, {
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

    new SocketGateway({ ...this.#options, admission }).register(upgrades);
    new PollingGateway({ ...this.#options, admission }).register(http);
    if (this.#options.offersQuick) new QuickGateway({ ...this.#options, admission, gate: http.gate }).register(upgrades);
  }
}
