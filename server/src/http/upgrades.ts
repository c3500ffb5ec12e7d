import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Random, uuid } from '../lib/random.ts';
import type { Timers } from '../lib/timers.ts';
import { httpErrors } from './errors.ts';
import type { Caller } from './exchange.ts';
import { hostOf, type ParsedHost } from './hosts.ts';
import { upgradeEntry } from './inspector/entries.ts';
import type { RequestLog } from './inspector/request-log.ts';
import { isAdminTarget, type OriginPolicy } from './origins.ts';
import type { StateGate } from './state-gate.ts';
import { refuseUpgrade } from './websocket/handshake.ts';

/** An upgrade request for one of our paths. The handler owns the socket from then on. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly host: ParsedHost;
  /** `scheme://host` under which the client reached us. */
  readonly origin: string;
  readonly query: URLSearchParams;
}

/**
 * May throw or reject with an ApiError, which the client is then answered with.
 *
 * @returns who was let in; undefined where the handler left the socket unanswered
 */
export type UpgradeHandler = (upgrade: Upgrade) => Promise<Caller | undefined>;

export interface UpgradesOptions {
  readonly origins: OriginPolicy;
  readonly requests: RequestLog;
  readonly gate: StateGate;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

interface Connection {
  readonly socket: Socket;
  readonly head: Buffer;
  readonly encrypted: boolean;
}

/** The one table of paths that speak WebSocket. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #handlers = new Map<string, UpgradeHandler>();

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  /** @param path one path, or all that begin with it where it ends in `/` */
  add(path: string, handler: UpgradeHandler): void {
    this.#handlers.set(path, handler);
  }

  attach(server: Server, options: { readonly encrypted: boolean }): void {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      stream.on('error', () => stream.destroy());
      // Both kinds of listener hand out net.Socket or its TLS subclass.
      if (stream instanceof Socket) void this.#serve(request, { socket: stream, head, encrypted: options.encrypted });
      else stream.destroy();
    });
  }

  async #serve(request: IncomingMessage, connection: Connection): Promise<void> {
    const { socket, head, encrypted } = connection;
    const startedMs = this.#options.timers.monotonicMs();
    try {
      const host = hostOf(request);
      const target = request.url ?? '';
      const topic = this.#options.origins.check({ request, host, encrypted, admin: isAdminTarget(target) });
      const [path = '', query = ''] = target.split('?', 2);
      const handler = topic === undefined ? this.#find(path) : undefined;
      if (handler === undefined) throw httpErrors.notFound();
      const { gate } = this.#options;
      await gate.opened;
      const origin = `${encrypted ? 'https' : 'http'}://${host.host}`;
      const upgrade = { request, socket, head, host, origin, query: new URLSearchParams(query) };
      const caller = await gate.serve(gate.generation, () => handler(upgrade));
      if (caller !== undefined) this.#remember(request, { startedMs, caller, refusal: undefined });
    } catch (error) {
      const refusal = error instanceof ApiError ? error : httpErrors.internal();
      const requestId = this.#remember(request, { startedMs, caller: undefined, refusal });
      this.#refuse(socket, { error, refusal, requestId });
    }
  }

  /** @returns the id under which the request log has it */
  #remember(
    request: IncomingMessage,
    known: { readonly startedMs: number; readonly caller: Caller | undefined; readonly refusal: ApiError | undefined },
  ): string {
    const { clock, timers, random, requests } = this.#options;
    const { startedMs, ...outcome } = known;
    const id = uuid(random);
    const durationMs = timers.monotonicMs() - startedMs;
    requests.add(upgradeEntry({ ...outcome, id, request, answeredAtMs: clock.now(), durationMs }, requests.inspects));
    return id;
  }

  #refuse(socket: Socket, refused: { readonly error: unknown; readonly refusal: ApiError; readonly requestId: string }): void {
    const { log } = this.#options;
    const { error, refusal, requestId } = refused;
    if (refusal.status >= 500) log.error({ err: error, requestId }, 'an upgrade failed');
    else log.info({ requestId, rule: refusal.explanation?.rule }, 'an upgrade was refused');
    const retryAfter = refusal.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(refusal.retryAfterSeconds) };
    refuseUpgrade(socket, {
      status: refusal.status,
      code: refusal.code,
      message: refusal.message,
      headers: { 'x-ms-request-id': requestId, ...retryAfter },
    });
  }

  #find(path: string): UpgradeHandler | undefined {
    for (const [known, handler] of this.#handlers) if (known.endsWith('/') ? path.startsWith(known) : path === known) return handler;
    return undefined;
  }
}
