import { httpErrors, type ResourceDirectory, type VerifiedToken } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Random, uuid } from '../../lib/random.ts';
import type { Timers } from '../../lib/timers.ts';
import { requireScope } from '../scopes.ts';
import { liveErrors } from './errors.ts';
import { LiveConnection, pushPath, userOf } from './live-connection.ts';
import type { LiveHub } from './live-hub.ts';
import { encodePacket } from './packet.ts';
import type { ConnectParams, LiveSessions } from './session.ts';

export interface LiveAdmissionOptions {
  readonly hub: LiveHub;
  readonly sessions: LiveSessions;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly resources: ResourceDirectory;
  /** Whether clients may come back over /v4/c. */
  readonly offersQuick: boolean;
}

/** Where a live connection is opened, registered and pushed to; wire/chat.md section 6.2. */
export interface Allocation {
  readonly socketio: string;
  readonly url: string;
  readonly surl: string;
  readonly curlb: string;
  readonly ccid: string;
  readonly id: string;
  /** Seconds. */
  readonly ttl: string;
  readonly connectparams: ConnectParams & { readonly scae?: string };
}

/** What may wait for a client that does not take it: some thirty of the largest messages. */
export const MAX_BUFFERED_BYTES = 1_048_576;
export const CONNECT_PACKET = encodePacket({ type: 'connect', endpoint: '', query: '' });
/** Longest time a connection or registration is promised; the token usually ends it before. */
const MAX_TTL_SECONDS = 86_400;

/** Lets users in, whichever transport they come by: who may open a live connection, and what it begins with. */
export class LiveAdmission {
  readonly #options: LiveAdmissionOptions;

  constructor(options: LiveAdmissionOptions) {
    this.#options = options;
  }

  /** @throws ApiError 403 without the scope, 503 while the server drains */
  allocate(token: VerifiedToken, origin: string): Allocation {
    requireScope(token, 'takePart');
    if (this.#options.hub.isDraining) throw liveErrors.draining();
    const { random, sessions, offersQuick } = this.#options;
    const ccid = random.bytes(12).toString('base64url');
    const address = `${origin}${pushPath(ccid)}`;
    return {
      socketio: `${origin}/`,
      url: address,
      surl: address,
      curlb: origin,
      ccid,
      id: uuid(random),
      ttl: String(this.#ttlSeconds(token)),
      // `scae` tells the client that it may come back over /v4/c, wire/chat.md section 6.8.
      connectparams: { ...sessions.seal({ ccid, grant: token.grant }), ...(offersQuick ? { scae: '1' } : {}) },
    };
  }

  /**
   * @param hostname under which the client came, where nothing has compared it with the token's resource yet
   * @throws ApiError 401 on the host of another resource, 403 without the scope, 429 when the user has as many connections
   * as it may, 503 while the server drains
   */
  check(token: VerifiedToken, hostname?: string): void {
    const named = hostname === undefined ? 'shared' : this.#options.resources.byHost(hostname);
    if (hostname !== undefined && named !== 'shared' && named?.id !== token.resource.id) throw httpErrors.wrongResource(hostname);
    requireScope(token, 'takePart');
    const { limits } = token.resource;
    if (this.#options.hub.isDraining) throw liveErrors.draining();
    if (this.#options.hub.countOf(userOf(token.grant)) >= limits.value('chat.live-connections-per-user')) throw liveErrors.tooMany(limits);
  }

  /** A new connection among the others, checked in the same turn of the event loop; whoever carries it removes it from there. */
  connect(ccid: string, token: VerifiedToken): LiveConnection {
    const { hub, timers } = this.#options;
    const connection = new LiveConnection({ ccid, grant: token.grant, monotonicMs: () => timers.monotonicMs() });
    hub.add(connection, token.validUntilMs);
    return connection;
  }

  /** What a client is told first. */
  greeting(token: VerifiedToken): readonly string[] {
    return [CONNECT_PACKET, connectedPacket({ ttl: String(this.#ttlSeconds(token)), dur: '0' })];
  }

  #ttlSeconds({ validUntilMs }: VerifiedToken): number {
    const leftSeconds = Math.floor((validUntilMs - this.#options.clock.now()) / 1000);
    return Math.max(1, Math.min(MAX_TTL_SECONDS, leftSeconds));
  }
}

/** @param details argument of the event that tells a client that its connection stands */
export function connectedPacket(details: object): string {
  return encodePacket({ type: 'event', endpoint: '', ack: undefined, name: 'trouter.connected', args: [details] });
}
