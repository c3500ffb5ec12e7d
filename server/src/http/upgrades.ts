import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Random, uuid } from '../lib/random.ts';
import { httpErrors } from './errors.ts';
import { type Exchange } from './exchange.ts';
import { hostOf, type ParsedHost } from './hosts.ts';
import type { OriginPolicy } from './origins.ts';
import type { RequestLog } from './request-log.ts';
import { recordOf } from './request-record.ts';
import { refuseUpgrade } from './websocket/handshake.ts';

/** An upgrade request for one of our paths. The handler owns the socket from then on. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly host: ParsedHost;
  readonly query: URLSearchParams;
}

/** May throw or reject with an ApiError, which the client is then answered with. */
export type UpgradeHandler = (upgrade: Upgrade) => void | Promise<void>;

export interface UpgradesOptions {
  readonly origins: OriginPolicy;
  readonly requests: RequestLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The one table of paths that speak WebSocket. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #handlers = new Map<string, UpgradeHandler>();

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  /** @param prefix a path ending in `/`; what follows is the handler's */
  add(prefix: string, handler: UpgradeHandler): void {
    this.#handlers.set(prefix, handler);
  }

  attach(server: Server, options: { readonly encrypted: boolean }): void {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      stream.on('error', () => stream.destroy());
      // Both kinds of listener hand out net.Socket or its TLS subclass.
      if (stream instanceof Socket) void this.#serve(request, { socket: stream, head, encrypted: options.encrypted });
      else stream.destroy();
    });
  }

  async #serve(
    request: IncomingMessage,
    connection: { readonly socket: Socket; readonly head: Buffer; readonly encrypted: boolean },
  ): Promise<void> {
    const { socket, head, encrypted } = connection;
    try {
      const host = hostOf(request);
      const target = request.url ?? '';
      this.#options.origins.check({ request, host, encrypted, admin: target.startsWith('/admin') });
      const [path = '', query = ''] = target.split('?', 2);
      const handler = this.#find(path);
      if (handler === undefined) throw httpErrors.notFound();
      await handler({ request, socket, head, host, query: new URLSearchParams(query) });
    } catch (error) {
      this.#refuse(request, socket, { error, encrypted });
    }
  }

  #refuse(request: IncomingMessage, socket: Socket, refused: { readonly error: unknown; readonly encrypted: boolean }): void {
    const { clock, random, requests, log } = this.#options;
    const refusal = refused.error instanceof ApiError ? refused.error : httpErrors.internal();
    const exchange = refusedExchange(request, { requestId: uuid(random), encrypted: refused.encrypted, refusal });
    if (refusal.status >= 500) log.error({ err: refused.error, requestId: exchange.requestId }, 'an upgrade failed');
    else log.info({ requestId: exchange.requestId, rule: refusal.explanation?.rule }, 'an upgrade was refused');
    requests.add(recordOf({ exchange, status: refusal.status, nowMs: clock.now(), durationMs: 0 }));
    const retryAfter = refusal.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(refusal.retryAfterSeconds) };
    refuseUpgrade(socket, {
      status: refusal.status,
      code: refusal.code,
      message: refusal.message,
      headers: { 'x-ms-request-id': exchange.requestId, ...retryAfter },
    });
  }

  #find(path: string): UpgradeHandler | undefined {
    for (const [prefix, handler] of this.#handlers) if (path.startsWith(prefix)) return handler;
    return undefined;
  }
}

function refusedExchange(
  request: IncomingMessage,
  known: { readonly requestId: string; readonly encrypted: boolean; readonly refusal: ApiError },
): Exchange {
  const unknown = {
    startedMs: 0,
    method: request.method ?? '',
    route: undefined,
    allowedMethods: [],
    caller: undefined,
    rawBody: undefined,
    signedContentHash: undefined,
  };
  return { ...unknown, ...known, target: request.url ?? '', host: request.headers.host ?? '' };
}
