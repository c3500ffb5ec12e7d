import { textOfUser, type TokenGrant, type TokenVerifier, type UserKey } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { Deadlines } from '../../lib/deadlines.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { ChatFact } from '../chat-facts.ts';
import { Arrivals } from './arrivals.ts';
import { Departures } from './departures.ts';
import { drain } from './drain.ts';
import { type LiveConnection, userOf } from './live-connection.ts';
import { pushTail } from './payloads.ts';
import { UserConnections } from './user-connections.ts';

export interface LiveHubOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tokens: TokenVerifier;
  readonly watcher: PresenceWatcher;
}

/** Told who comes and goes. */
export interface PresenceWatcher {
  /** A user has a live connection; told for each one that opens. */
  cameBack(user: UserKey): void;
  /** The last live connection of a user ended. */
  left(user: UserKey): void;
}

/** Seconds between two heartbeats of a connection; well inside the 70 s that the handshake promises. */
const HEARTBEAT_SECONDS = 20;
/**
 * How long before its end a client is asked for a new connection. The SDK registers again only every two hours, so with
 * shorter tokens this is how it crosses an expiry: by then it has refreshed its token (ten minutes before), and it keeps
 * the old connection for another 60 s.
 */
const RENEWAL_LEAD_MS = 60_000;
/** Silence after which a client is taken for gone: it pings every 40 s and echoes every heartbeat. */
const SILENCE_MS = 90_000;

/** All live connections of this process: who is there, what they are sent, and when they must go. */
export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #byUser = new UserConnections();
  readonly #byCcid = new Map<string, LiveConnection>();
  /** The connection registered under a client's registration id; the same id moves to the newest connection. */
  readonly #registrations = new Map<string, LiveConnection>();
  readonly #attached = new Map<LiveConnection, Attachment>();
  readonly #departures = new Departures();
  readonly #arrivals: Arrivals;
  /** Connections by the second in which they get their heartbeat, so that thousands do not get it at once. */
  readonly #wheel: Set<LiveConnection>[] = Array.from({ length: HEARTBEAT_SECONDS }, () => new Set<LiveConnection>());
  readonly #expiring: Deadlines<LiveConnection>;
  readonly #renewing: Deadlines<LiveConnection>;
  #spoke = 0;
  #added = 0;
  #isDraining = false;
  readonly #ticking: Timer;

  constructor(options: LiveHubOptions) {
    this.#options = options;
    this.#arrivals = new Arrivals(options.timers);
    this.#expiring = new Deadlines(options.clock, (connection) => connection.disconnect('unauthorized'));
    this.#renewing = new Deadlines(options.clock, (connection) => connection.askToRenew());
    this.#ticking = options.timers.every(1_000, () => this.#tick());
    options.tokens.onRevoked((user) => this.#onRevoked(user));
  }

  get size(): number {
    return this.#attached.size;
  }

  /** Whether new connections are to go elsewhere. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  countOf(user: UserKey): number {
    return this.#byUser.of(user).length;
  }

  /** The open connections of a user, with the time of each since the epoch. */
  connectionsOf(user: UserKey): { readonly connection: LiveConnection; readonly sinceMs: number }[] {
    return Array.from(this.#byUser.of(user), (connection) => ({
      connection,
      sinceMs: this.#attached.get(connection)?.sinceMs ?? 0,
    }));
  }

  /** Everybody who is connected. */
  users(): Iterable<UserKey> {
    return this.#byUser.all();
  }

  /** Ids of the connected users of a resource. */
  usersOf(resourceId: string): string[] {
    return [...(this.#byUser.ofResource(resourceId)?.keys() ?? [])];
  }

  /** Ids of users of a resource who were connected and are not any more, as far as they are remembered. */
  departedOf(resourceId: string): string[] {
    return this.#departures.ofResource(resourceId);
  }

  /** When the last connection of a user ended, as far as that is remembered. */
  leftAtMs(user: UserKey): number | undefined {
    return this.#departures.of(user);
  }

  connections(): readonly LiveConnection[] {
    return [...this.#attached.keys()];
  }

  /** @param validUntilMs when the token that opened the connection ends */
  add(connection: LiveConnection, validUntilMs: number): void {
    // A second socket with the same connect parameters takes the place of the first.
    this.#byCcid.get(connection.ccid)?.terminate('replaced');
    this.#byCcid.set(connection.ccid, connection);
    this.#byUser.add(connection.user, connection);
    const spoke = this.#wheel[this.#added++ % HEARTBEAT_SECONDS] as Set<LiveConnection>;
    spoke.add(connection);
    this.#attached.set(connection, { spoke, validUntilMs, sinceMs: this.#options.clock.now() });
    this.#arrivals.add(connection);
    this.#departures.cameBack(connection.user);
    this.#options.watcher.cameBack(connection.user);
    this.#endAt(connection, validUntilMs);
  }

  /** To be called when a connection has ended; it may have been removed before. */
  remove(connection: LiveConnection): void {
    const attachment = this.#attached.get(connection);
    if (attachment === undefined) return;
    if (this.#byCcid.get(connection.ccid) === connection) this.#byCcid.delete(connection.ccid);
    this.#byUser.remove(connection.user, connection);
    if (this.countOf(connection.user) === 0) {
      this.#departures.left(connection.user, this.#options.clock.now());
      this.#options.watcher.left(connection.user);
    }
    attachment.spoke.delete(connection);
    this.#forgetEnd(connection, attachment);
    this.#attached.delete(connection);
    this.#arrivals.remove(connection);
    const { registration } = connection;
    if (registration !== undefined && this.#registrations.get(registration) === connection) this.#registrations.delete(registration);
  }

  /**
   * Registers the connection with this id for pushes. A registration made with a newer token lets the connection live as
   * long as that token, which is how a client with a refresher crosses an expiry without a gap.
   */
  register(
    owner: { readonly grant: TokenGrant; readonly validUntilMs: number },
    registration: { readonly id: string; readonly ccid: string },
  ): void {
    const connection = this.#byCcid.get(registration.ccid);
    if (connection === undefined || textOfUser(connection.user) !== textOfUser(userOf(owner.grant))) return;
    const key = registrationKey(connection.user, registration.id);
    const previous = this.#registrations.get(key);
    if (previous !== undefined && previous !== connection) previous.registration = undefined;
    // A connection has one registration: a client that changes its id leaves the old one behind.
    if (connection.registration !== undefined) this.#registrations.delete(connection.registration);
    this.#registrations.set(key, connection);
    connection.registration = key;
    for (const tail of this.#arrivals.release(connection, previous === connection ? undefined : previous)) connection.push(tail);
    if (connection.isBoundToToken || owner.validUntilMs <= (this.#attached.get(connection)?.validUntilMs ?? Infinity)) return;
    connection.grant = owner.grant;
    this.#endAt(connection, owner.validUntilMs);
  }

  unregister(user: UserKey, registrationId: string): void {
    const key = registrationKey(user, registrationId);
    const connection = this.#registrations.get(key);
    if (connection?.registration === key) connection.registration = undefined;
    this.#registrations.delete(key);
  }

  /** Pushes a fact to every registered connection of its recipients, and later to those that are about to register. */
  push(fact: ChatFact): void {
    const connected = this.#byUser.ofResource(fact.resourceId);
    if (connected === undefined) return;
    let tail: string | undefined;
    for (const recipient of fact.recipients) {
      for (const connection of connected.get(recipient) ?? []) {
        const isRegistered = connection.registration !== undefined;
        if (!isRegistered && !this.#arrivals.has(connection)) continue;
        tail ??= pushTail(fact);
        if (isRegistered) connection.push(tail);
        else this.#arrivals.hold(connection, tail);
      }
    }
  }

  /** Takes no new connections, and asks those there are to move within this time. */
  async drain(durationMs: number): Promise<void> {
    if (durationMs === 0 || this.size === 0) return;
    this.#isDraining = true;
    await drain({ timers: this.#options.timers, connections: [...this.#attached.keys()], durationMs });
  }

  /** Tells every client that the server stops. */
  close(): void {
    this.#ticking.cancel();
    for (const connection of [...this.#attached.keys()]) connection.disconnect('server-stopping');
  }

  /** Tells every client to connect again, and forgets who is and was here: what is stored of them was replaced. */
  beginAnew(): void {
    for (const connection of [...this.#attached.keys()]) {
      connection.disconnect('server-stopping');
      this.remove(connection);
    }
    this.#departures.forgetAll();
  }

  /** Ends what {@link close} left. */
  terminateAll(): void {
    for (const connection of [...this.#attached.keys()]) connection.terminate('server stopped');
  }

  #endAt(connection: LiveConnection, validUntilMs: number): void {
    const attachment = this.#attached.get(connection);
    if (attachment === undefined) return;
    this.#forgetEnd(connection, attachment);
    attachment.validUntilMs = validUntilMs;
    this.#expiring.add(connection, validUntilMs);
    const renewAtMs = validUntilMs - RENEWAL_LEAD_MS;
    // A connection made with so little left would only be asked for another like itself.
    if (renewAtMs > this.#options.clock.now()) this.#renewing.add(connection, renewAtMs);
  }

  #forgetEnd(connection: LiveConnection, { validUntilMs }: Attachment): void {
    this.#expiring.remove(connection, validUntilMs);
    this.#renewing.remove(connection, validUntilMs - RENEWAL_LEAD_MS);
  }

  #onRevoked(user: UserKey | undefined): void {
    const affected = user === undefined ? [...this.#attached.keys()] : this.#byUser.of(user);
    for (const connection of affected) void this.#judge(connection);
  }

  async #judge(connection: LiveConnection): Promise<void> {
    try {
      const { validUntilMs } = await this.#options.tokens.verifyGrant(connection.grant);
      this.#endAt(connection, validUntilMs);
    } catch {
      connection.disconnect('unauthorized');
    }
  }

  #tick(): void {
    this.#arrivals.sweep();
    this.#spoke = (this.#spoke + 1) % HEARTBEAT_SECONDS;
    const silentSinceMs = this.#options.timers.monotonicMs() - SILENCE_MS;
    for (const connection of this.#wheel[this.#spoke] ?? []) {
      if (connection.heardMs < silentSinceMs) connection.terminate('client fell silent');
      else connection.heartbeat();
    }
  }
}

interface Attachment {
  readonly spoke: Set<LiveConnection>;
  /** When the token behind the connection ends. */
  validUntilMs: number;
  /** When the connection was opened. */
  readonly sinceMs: number;
}

function registrationKey(user: UserKey, registrationId: string): string {
  return `${textOfUser(user)} ${registrationId}`;
}
