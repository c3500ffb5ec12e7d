import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Operation } from '@switchboard/contract';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Random, uuid } from '../lib/random.ts';
import type { Timers } from '../lib/timers.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { Handler } from './call.ts';
import { installParsers, refusalOfContent } from './content.ts';
import { httpErrors } from './errors.ts';
import { answerError } from './error-reply.ts';
import { beginExchange, type Exchange, exchangeOf } from './exchange.ts';
import { hostOf } from './hosts.ts';
import { type FastifyHandler, operationRoute, responsesOf } from './operation-route.ts';
import type { OriginPolicy } from './origins.ts';
import { answerClientErrors } from './client-errors.ts';
import type { ApiError } from '../lib/errors.ts';
import { RawMatcher } from './raw-matcher.ts';
import { RequestLog } from './request-log.ts';
import { recordOf } from './request-record.ts';

export interface HttpServerOptions {
  readonly authenticator: Authenticator;
  readonly origins: OriginPolicy;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly maxBodyBytes: number;
}

export interface FileRequest {
  /** What stands in the place of `*`, decoded. */
  readonly rest: string;
  readonly accept: string;
}

export interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation | undefined;
  readonly handler: FastifyHandler;
}

const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Serves the operations of the contract with the manners of ACS, on any number of listeners. */
export class HttpServer {
  readonly requests = new RequestLog();
  readonly #options: HttpServerOptions;
  readonly #matcher = new RawMatcher();
  readonly #routes: Route[] = [];
  readonly #app: FastifyInstance;
  #isDraining = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#app = fastify({
      logger: false,
      bodyLimit: options.maxBodyBytes,
      exposeHeadRoutes: true,
      forceCloseConnections: 'idle',
      requestTimeout: REQUEST_TIMEOUT_MS,
      rewriteUrl: (request) => this.#rewrite(request),
    });
    installParsers(this.#app);
    this.#installHooks();
  }

  /** Registers one operation of the contract. */
  route<const T extends Operation>(operation: T, handler: Handler<T>): void {
    const { method, path } = operation;
    this.#add({ method, path, operation, handler: operationRoute(operation, handler) });
  }

  /** Registers a public GET route outside of the contract (static files). The path may end in `/*`. */
  serve(path: string, handler: (file: FileRequest) => FileAnswer): void {
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const rest = exchangeOf(request.raw).route?.params['*'] ?? '';
      const { status, headers, body } = handler({ rest, accept: request.headers.accept ?? '' });
      return reply.code(status).headers(headers).send(body);
    };
    this.#add({ method: 'GET', path, operation: undefined, handler: answer });
  }

  /** Makes the routes final; call once before the first listener. */
  async ready(): Promise<void> {
    this.#app.all('/~404', () => Promise.reject(httpErrors.notFound()));
    this.#app.all('/~400', () => Promise.reject(httpErrors.malformedTarget()));
    this.#app.all('/~405', (request) => Promise.reject(httpErrors.wrongMethod(exchangeOf(request.raw).allowedMethods)));
    this.#app.options('/~204', (_request, reply) => reply.code(204).send());
    // Here come the methods Fastify has no routes for (PROPFIND, PURGE, …), on known paths too.
    this.#app.setNotFoundHandler((request) => {
      const { allowedMethods } = exchangeOf(request.raw);
      return Promise.reject(allowedMethods.length === 0 ? httpErrors.notFound() : httpErrors.wrongMethod(allowedMethods));
    });
    await this.#app.ready();
  }

  /** A plain listener's server over these routes. For TLS pass {@link handle} to `https.createServer`. */
  createPlainServer(): Server {
    const server = createServer(LISTENER_OPTIONS, (request, response) => this.handle(request, response));
    this.attach(server);
    return server;
  }

  /** Gives what is no request at all its answer; call for each listener's server that was not made here. */
  attach(server: Server): void {
    const { random, clock } = this.#options;
    const sink = (id: string, { status, code, message, explanation }: ApiError): void =>
      this.requests.add({
        id,
        time: new Date(clock.now()).toISOString(),
        method: '',
        path: '',
        status,
        durationMs: 0,
        code,
        cause: message,
        ...explanation,
      });
    answerClientErrors(server, { random, sink });
  }

  handle(...[request, response]: Parameters<FastifyInstance['routing']>): void {
    this.#app.routing(request, response);
  }

  /** From now on every answer asks its client to close the connection, so that a stop need not cut any. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Refuses new requests; resolves when those in flight are answered. */
  async close(): Promise<void> {
    await this.#app.close();
  }

  #add(route: Route): void {
    const { method, path, operation, handler } = route;
    const index = this.#routes.push(route) - 1;
    this.#matcher.add({ method, path, index });
    this.#app.route({ method, url: `/~${index}`, handler, schema: operation === undefined ? {} : { response: responsesOf(operation) } });
  }

  /** Begins the exchange and gives the internal address of the route it is for. */
  #rewrite(request: IncomingMessage): string {
    const target = request.url ?? '';
    const exchange: Exchange = {
      requestId: uuid(this.#options.random),
      startedMs: this.#options.timers.monotonicMs(),
      target,
      encrypted: 'encrypted' in request.socket,
      route: undefined,
      allowedMethods: [],
      host: '',
      caller: undefined,
      rawBody: undefined,
      signedContentHash: undefined,
      refusal: undefined,
    };
    beginExchange(request, exchange);
    const match = this.#matcher.match(request.method ?? '', target);
    switch (match.kind) {
      case 'route': {
        exchange.route = match.route;
        const mark = target.indexOf('?');
        return `/~${match.route.index}${mark === -1 ? '' : target.slice(mark)}`;
      }
      case 'preflight':
        return '/~204';
      case 'wrong-method':
        exchange.allowedMethods = match.allowed;
        return '/~405';
      case 'malformed':
        return '/~400';
      case 'not-found':
        return '/~404';
    }
  }

  #installHooks(): void {
    const { log, maxBodyBytes, timers, clock } = this.#options;
    this.#app.addHook('onRequest', (request, reply, done) => {
      const exchange = exchangeOf(request.raw);
      this.#decorate(exchange, request, reply);
      const admitted = this.#admit(request.raw, exchange);
      if (admitted instanceof Promise) admitted.then(() => done(), done);
      else done(admitted);
    });
    this.#app.addHook('preValidation', (request, _reply, done) => {
      done(refusalOfContent(request, this.#operationOf(exchangeOf(request.raw))?.textBody === true));
    });
    this.#app.addHook('onResponse', (request, reply, done) => {
      const exchange = exchangeOf(request.raw);
      const durationMs = timers.monotonicMs() - exchange.startedMs;
      this.requests.add(recordOf({ exchange, method: request.method, status: reply.statusCode, nowMs: clock.now(), durationMs }));
      done();
    });
    this.#app.setErrorHandler((error, request, reply) => answerError(error, { request, reply, log, maxBodyBytes }));
  }

  /** Headers every response carries, refusals included. */
  #decorate(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void {
    if (this.#isDraining) void reply.header('connection', 'close');
    void reply.header('x-ms-request-id', exchange.requestId);
    void reply.header('ms-cv', `${this.#options.random.bytes(12).toString('base64').slice(0, 16)}.0`);
    const clientId = request.headers['x-ms-client-request-id'];
    if (typeof clientId === 'string' && /^[\w.-]{1,100}$/.test(clientId)) void reply.header('x-ms-client-request-id', clientId);
    if (!isAdmin(exchange)) this.#options.origins.decorate(request.raw, reply);
  }

  /** Host, origin, then credentials: each refusal comes before any work on the body. */
  #admit(request: IncomingMessage, exchange: Exchange): Error | undefined | Promise<void> {
    try {
      const host = hostOf(request);
      exchange.host = host.host;
      this.#options.origins.check({ request, host, encrypted: exchange.encrypted, admin: isAdmin(exchange) });
      const auth = this.#operationOf(exchange)?.auth;
      if (auth === undefined) return undefined;
      const caller = this.#options.authenticator.authenticate({ auth, request, exchange, host });
      if (caller instanceof Promise) {
        return caller.then((found) => {
          exchange.caller = found;
        });
      }
      exchange.caller = caller;
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  #operationOf(exchange: Exchange): Operation | undefined {
    return exchange.route === undefined ? undefined : this.#routes[exchange.route.index]?.operation;
  }
}

/** Any other `Upgrade` header (such as Java's `h2c` on a POST) leaves the request an ordinary one. */
function isWebSocket(request: IncomingMessage): boolean {
  return /^websocket$/i.test(request.headers.upgrade ?? '');
}

/** How every listener's server is made. The `Host` rules are ours to enforce, and Fastify's time-outs reach only its own server. */
export const LISTENER_OPTIONS = {
  shouldUpgradeCallback: isWebSocket,
  requireHostHeader: false,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 5_000,
};

/** A path may begin with two slashes, see {@link RawMatcher}. */
function isAdmin(exchange: Exchange): boolean {
  return /^\/{1,2}admin(?:[/?:]|$)/.test(exchange.target);
}
