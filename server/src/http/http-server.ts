import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { BodyOf, Operation, ParamsOf, QueryOf, ReplyOf, StatusOf } from '@switchboard/contract';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Random, uuid } from '../lib/random.ts';
import type { Timers } from '../lib/timers.ts';
import { checkApiVersion } from './api-version.ts';
import type { Authenticator } from './auth/authenticator.ts';
import { httpErrors } from './errors.ts';
import { answerError, type ErrorSink } from './error-reply.ts';
import { beginExchange, type Caller, type Exchange, exchangeOf, originOf } from './exchange.ts';
import { hostOf, type ParsedHost } from './hosts.ts';
import { parseJsonBody } from './json-body.ts';
import type { OriginPolicy } from './origins.ts';
import { RawMatcher } from './raw-matcher.ts';
import { RequestLog } from './request-log.ts';
import { recordOf } from './request-record.ts';
import { check, compileValidators } from './validation.ts';

/** What a handler is given: everything the contract declares, checked. */
export interface Call<T extends Operation> {
  readonly params: ParamsOf<T>;
  readonly query: QueryOf<T>;
  readonly body: BodyOf<T>;
  readonly caller: CallerOf<T['auth']>;
  readonly requestId: string;
  /** `scheme://host` under which the client reached us. */
  readonly origin: string;
  readonly apiVersion: string;
  header(name: string): string | undefined;
  /** Hash of the received body bytes, base64. */
  bodyHash(): string;
}

export type CallerOf<A extends Operation['auth']> = A extends 'accessKey'
  ? Extract<Caller, { kind: 'accessKey' }>
  : A extends 'userToken'
    ? Extract<Caller, { kind: 'user' }>
    : A extends 'entraUser'
      ? Extract<Caller, { kind: 'bearer' }>
      : A extends 'admin'
        ? Extract<Caller, { kind: 'admin' }>
        : Extract<Caller, { kind: 'anonymous' }>;

export type Reply<T extends Operation> = {
  [S in StatusOf<T>]: Answer<S, ReplyOf<T, S>>;
}[StatusOf<T>];

interface Answer<S extends number, B> {
  readonly status: S;
  readonly body: B;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** An answer with exactly one of the statuses that the operation declares. */
export function reply<S extends number>(status: S): Answer<S, undefined>;
export function reply<S extends number, B>(status: S, body: B, headers?: Readonly<Record<string, string>>): Answer<S, B>;
export function reply<S extends number>(status: S, body?: unknown, headers?: Readonly<Record<string, string>>): Answer<S, unknown> {
  return { status, body, headers };
}

export type Handler<T extends Operation> = (call: Call<T>) => Reply<T> | Promise<Reply<T>>;

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
  readonly operation: Operation | undefined;
}

/** Serves the operations of the contract with the manners of ACS, on any number of listeners. */
export class HttpServer {
  readonly requests = new RequestLog();
  readonly #options: HttpServerOptions;
  readonly #matcher = new RawMatcher();
  readonly #routes: Route[] = [];
  readonly #app: FastifyInstance;
  readonly #sink: ErrorSink;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#sink = { log: options.log, remember: (exchange, error) => (exchange.refusal = error) };
    this.#app = Fastify({
      logger: false,
      bodyLimit: options.maxBodyBytes,
      exposeHeadRoutes: true,
      forceCloseConnections: 'idle',
      requestTimeout: 60_000,
      rewriteUrl: (request) => this.#rewrite(request),
    });
    this.#installParsers();
    this.#installHooks();
  }

  /** Registers one operation of the contract. */
  route<const T extends Operation>(operation: T, handler: Handler<T>): void {
    const validators = compileValidators(operation);
    this.#add(operation.method, operation.path, operation, async (request, reply) => {
      const exchange = exchangeOf(request.raw);
      const apiVersion = operation.apiVersion ? checkApiVersion((request.query as Record<string, unknown>)['api-version']) : '';
      const params = { ...exchange.route?.params };
      check(validators.params, params);
      check(validators.query, request.query);
      const body = request.body ?? (operation.bodyOptional === true ? {} : undefined);
      if (validators.body !== undefined && body === undefined) throw httpErrors.invalid('body', 'is required');
      check(validators.body, body);
      const answer = await handler({
        // Validated just above against the schemas these types come from.
        params: params as ParamsOf<T>,
        query: request.query as QueryOf<T>,
        body: body as BodyOf<T>,
        caller: exchange.caller as CallerOf<T['auth']>,
        requestId: exchange.requestId,
        origin: originOf(exchange),
        apiVersion,
        header: (name) => headerOf(request.raw, name),
        bodyHash: () => hashOf(exchange.rawBody),
      });
      void reply.code(answer.status);
      if (answer.headers !== undefined) void reply.headers(answer.headers);
      return reply.send(answer.body);
    });
  }

  /** Registers a public GET route outside of the contract (static files). The path may end in `/*`. */
  serve(path: string, handler: (file: FileRequest) => FileAnswer): void {
    this.#add('GET', path, undefined, async (request, reply) => {
      const { status, headers, body } = handler({
        rest: exchangeOf(request.raw).route?.params['*'] ?? '',
        accept: request.headers.accept ?? '',
      });
      return reply.code(status).headers(headers).send(body);
    });
  }

  /** Makes the routes final; call once before the first listener. */
  async ready(): Promise<void> {
    this.#app.all('/~404', () => Promise.reject(httpErrors.notFound()));
    this.#app.all('/~400', () => Promise.reject(httpErrors.malformedTarget()));
    this.#app.all('/~405', (request) => Promise.reject(httpErrors.wrongMethod(exchangeOf(request.raw).allowedMethods)));
    this.#app.options('/~204', (_request, reply) => reply.code(204).send());
    this.#app.setNotFoundHandler(() => Promise.reject(httpErrors.notFound()));
    await this.#app.ready();
  }

  /** A plain listener's server over these routes. For TLS pass {@link handle} to `https.createServer`. */
  createPlainServer(): Server {
    return createServer({ shouldUpgradeCallback: isWebSocket }, (request, response) => this.handle(request, response));
  }

  handle(...[request, response]: Parameters<FastifyInstance['routing']>): void {
    this.#app.routing(request, response);
  }

  /** Refuses new requests; resolves when those in flight are answered. */
  async close(): Promise<void> {
    await this.#app.close();
  }

  #add(
    method: string,
    path: string,
    operation: Operation | undefined,
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): void {
    const index = this.#routes.push({ operation }) - 1;
    this.#matcher.add({ method, path, index });
    this.#app.route({
      method: method as 'GET',
      url: `/~${index}`,
      handler,
      schema: operation === undefined ? {} : { response: responsesOf(operation) },
    });
  }

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
    const mark = target.indexOf('?');
    const query = mark === -1 ? '' : target.slice(mark);
    switch (match.kind) {
      case 'route':
        exchange.route = match.route;
        return `/~${match.route.index}${query}`;
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

  #installParsers(): void {
    this.#app.removeAllContentTypeParsers();
    const keep = (request: FastifyRequest, body: Buffer): Buffer => {
      exchangeOf(request.raw).rawBody = body;
      return body;
    };
    this.#app.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, (request, body, done) => {
      try {
        done(null, parseJsonBody(keep(request, body as Buffer)));
      } catch (error) {
        done(error as Error);
      }
    });
    this.#app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
      keep(request, body as Buffer);
      done(null, undefined);
    });
  }

  #installHooks(): void {
    this.#app.addHook('onRequest', (request, reply, done) => {
      const exchange = exchangeOf(request.raw);
      this.#decorate(exchange, request, reply);
      const admitted = this.#admit(request.raw, exchange);
      if (admitted instanceof Promise) admitted.then(() => done(), done);
      else done(admitted);
    });
    this.#app.addHook('preValidation', (request, _reply, done) => {
      done(checkContent(request));
    });
    this.#app.addHook('onResponse', (request, reply, done) => {
      const exchange = exchangeOf(request.raw);
      const durationMs = this.#options.timers.monotonicMs() - exchange.startedMs;
      this.requests.add(
        recordOf({ exchange, method: request.method, status: reply.statusCode, nowMs: this.#options.clock.now(), durationMs }),
      );
      done();
    });
    this.#app.setErrorHandler((error, request, reply) =>
      answerError(error, { request, reply, sink: this.#sink, maxBodyBytes: this.#options.maxBodyBytes }),
    );
  }

  /** Headers every response carries, refusals included. */
  #decorate(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void {
    void reply.header('x-ms-request-id', exchange.requestId);
    void reply.header('ms-cv', `${this.#options.random.bytes(12).toString('base64').slice(0, 16)}.0`);
    const clientId = request.headers['x-ms-client-request-id'];
    if (typeof clientId === 'string' && /^[\w.-]{1,100}$/.test(clientId)) void reply.header('x-ms-client-request-id', clientId);
    const auth = this.#operationOf(exchange)?.auth;
    if (auth !== 'admin' && !exchange.target.startsWith('/admin')) this.#options.origins.decorate(request.raw, reply);
  }

  /** Host, origin, then credentials: each refusal comes before any work on the body. */
  #admit(request: IncomingMessage, exchange: Exchange): Error | undefined | Promise<void> {
    try {
      const host: ParsedHost = hostOf(request);
      exchange.host = host.host;
      const operation = this.#operationOf(exchange);
      this.#options.origins.check({ request, host, encrypted: exchange.encrypted, admin: exchange.target.startsWith('/admin') });
      if (operation === undefined) return undefined;
      const caller = this.#options.authenticator.authenticate(operation.auth, request, exchange, host);
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
export function isWebSocket(request: IncomingMessage): boolean {
  return /^websocket$/i.test(request.headers.upgrade ?? '');
}

function checkContent(request: FastifyRequest): ApiError | undefined {
  const exchange = exchangeOf(request.raw);
  if (exchange.signedContentHash !== undefined) {
    const computed = hashOf(exchange.rawBody);
    if (computed !== exchange.signedContentHash) return httpErrors.contentHash(computed);
  }
  const bytes = exchange.rawBody?.length ?? 0;
  const type = request.headers['content-type'] ?? '';
  if (bytes > 0 && request.body === undefined && exchange.route !== undefined) return httpErrors.mediaType(type);
  return undefined;
}

function hashOf(body: Buffer | undefined): string {
  return createHash('sha256')
    .update(body ?? '')
    .digest('base64');
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function responsesOf(operation: Operation): Record<string, object> {
  return Object.fromEntries(Object.entries(operation.responses).filter((entry): entry is [string, object] => entry[1] !== null));
}
