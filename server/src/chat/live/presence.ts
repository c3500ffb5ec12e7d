import type { UserKey } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Timers } from '../../lib/timers.ts';
import type { LiveConnection } from './live-connection.ts';
import type { LiveHub } from './live-hub.ts';

/** One live connection of a user; times in milliseconds since the epoch. */
export interface ConnectionState {
  readonly sinceMs: number;
  readonly transport: LiveConnection['transport'];
  readonly isRegistered: boolean;
  readonly lastHeardMs: number;
}

export interface UserPresence {
  readonly userId: string;
  /** Oldest first. */
  readonly connections: readonly ConnectionState[];
  /** The last sign of life; undefined when there is none to tell. */
  readonly lastSeenMs: number | undefined;
}

export interface PresenceQuery {
  readonly resourceId: string;
  /** Only users who are connected, or only those who have gone. */
  readonly connected: boolean | undefined;
  readonly afterId: string;
  readonly limit: number;
}

export interface PresenceOptions {
  readonly hub: LiveHub;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Who is connected, and who was: read off the live connections when somebody asks, so that they carry nothing for it. */
export class Presence {
  readonly #options: PresenceOptions;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  of(user: UserKey): UserPresence {
    const { hub } = this.#options;
    const connections = hub.connectionsOf(user).map(({ connection, sinceMs }) => ({
      sinceMs,
      transport: connection.transport,
      isRegistered: connection.registration !== undefined,
      lastHeardMs: this.#wallMs(connection.heardMs, sinceMs),
    }));
    const lastSeenMs = connections.length === 0 ? hub.leftAtMs(user) : Math.max(...connections.map(({ lastHeardMs }) => lastHeardMs));
    return { userId: user.id, connections: connections.sort((a, b) => a.sinceMs - b.sinceMs), lastSeenMs };
  }

  /** By user id, by code unit. */
  list({ resourceId, connected, afterId, limit }: PresenceQuery): UserPresence[] {
    const { hub } = this.#options;
    const ids = [...(connected === false ? [] : hub.usersOf(resourceId)), ...(connected === true ? [] : hub.departedOf(resourceId))];
    return ids
      .filter((id) => id > afterId)
      .sort((a, b) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map((id) => this.of({ resourceId, id }));
  }

  /**
   * Sockets live in real time, the answer speaks the server's time: what was heard so long ago is told as that long
   * before now, and never before the connection under a clock that stands still.
   */
  #wallMs(heardMs: number, sinceMs: number): number {
    const { clock, timers } = this.#options;
    return Math.max(sinceMs, clock.now() - Math.round(timers.monotonicMs() - heardMs));
  }
}
