import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Operation, OperationAuth } from '@switchboard/contract';
import type { RequestFaults } from '../faults/index.ts';
import type { Backlog } from '../lib/backlog.ts';
import type { Clock } from '../lib/clock.ts';
import type { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Random, uuid } from '../lib/random.ts';
import type { Timers } from '../lib/timers.ts';
import { type Answer, sendAnswer, withManners } from './answer.ts';
import type { Authenticator } from './auth/authenticator.ts';
import { mayHaveBody, receiveBody } from './body.ts';
import type { Handler } from './call.ts';
import { ClientErrors } from './client-errors.ts';
import { checkContentHash } from './content.ts';
import { isArmTarget, unknownResourceType } from './dialect.ts';
import { Disturbances, FAULT_HEADER } from './disturbances.ts';
import { errorAnswer } from './error-answer.ts';
import { httpErrors } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { hostOf, type ParsedHost } from './hosts.ts';
import { answeredEntry, malformedEntry } from './inspector/entries.ts';
import { RequestLog } from './inspector/request-log.ts';
import { operationRoute, type RouteHandler } from './operation-route.ts';
import { isAdminTarget, type OriginPolicy } from './origins.ts';
import type { TopicRef } from './ports.ts';
import { RawMatcher } from './raw-matcher.ts';
import { StateGate } from './state-gate.ts';
import { UnreadAnswers } from './unread-answers.ts';

export interface HttpServerOptions {
  readonly authenticator: Authenticator;
  readonly origins: OriginPolicy;
  readonly faults: RequestFaults;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly maxBodyBytes: number;
  /** Counts the answers that clients do not read. */
  readonly backlog: Backlog;
  /** Whether headers and bodies of requests are remembered for a while. */
  readonly inspect: boolean;
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
  /** Undefined for static files, which need no credentials. */
  readonly operation: Operation | undefined;
  readonly handler: RouteHandler;
}

const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;
/**
 * How much longer an idle connection is kept than its client is told. A busy server looks at its timers before it reads
 * what has come in, and would close connections that a request waits in.
 */
const KEEP_ALIVE_BUFFER_MS = 30_000;

/** Serves the operations of the contract with the manners of ACS, on any number of listeners. */
export class HttpServer {
  readonly requests: RequestLog;
  readonly gate: StateGate;
  readonly #options: HttpServerOptions;
  readonly #matcher = new RawMatcher();
  readonly #routes: Route[] = [];
  readonly #clientErrors: ClientErrors;
  readonly #unread: UnreadAnswers;
  readonly #disturbances: Disturbances;
  /** Correlation vectors (`ms-cv`): one base for the process, and a number that rises with each answer. */
  readonly #vectorBase: string;
  #vector = 0;
  #isDraining = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.requests = new RequestLog(options);
    this.#disturbances = new Disturbances(options);
    this.gate = new StateGate(options.timers);
    this.#unread = new UnreadAnswers(options.backlog);
    this.#vectorBase = options.random.bytes(12).toString('base64');
    this.#clientErrors = new ClientErrors((refusal) => this.#refuseMalformed(refusal));
  }

  /** Registers one operation of the contract. */
  route<const T extends Operation>(operation: T, handler: Handler<T>): void {
    const isResourceId = operation.auth === 'arm';
    this.#add({ method: operation.method, path: operation.path, isResourceId }, { operation, handler: operationRoute(operation, handler) });
  }

  /** Registers a public GET route outside of the contract (static files). The path may end in `/*`. */
  serve(path: string, handler: (file: FileRequest) => FileAnswer): void {
    const answer: RouteHandler = ({ request, exchange }) => {
      const file = handler({ rest: exchange.route?.params['*'] ?? '', accept: request.headers.accept ?? '' });
      return { status: file.status, headers: Object.entries(file.headers).flat(), body: file.body };
    };
    this.#add({ method: 'GET', path }, { operation: undefined, handler: answer });
  }

  /** A plain listener's server over these routes. For TLS pass {@link handle} to `https.createServer`. */
  createPlainServer(): Server {
    const server = createServer(LISTENER_OPTIONS, (request, response) => this.handle(request, response));
    this.attach(server);
    return server;
  }

  /** Gives what is no request at all its answer; call for each listener's server that was not made here. */
  attach(server: Server): void {
    this.#clientErrors.attach(server);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    void this.#serve(request, response);
  }

  /** From now on every answer asks its client to close the connection, so that a stop need not cut any. */
  drain(): void {
    this.#isDraining = true;
    this.requests.endWaits();
    this.#disturbances.release();
  }

  #add(at: { readonly method: string; readonly path: string; readonly isResourceId?: boolean }, route: Route): void {
    this.#matcher.add({ ...at, index: this.#routes.push(route) - 1 });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = this.#begin(request);
    const settled = this.#clientErrors.began(request, response);
    let answer: Answer;
    try {
      answer = await this.#answer(request, response, exchange);
    } catch (error) {
      answer = errorAnswer(error, exchange, this.#options.log);
    }
    settled();
    answer = withManners(answer, this.#manners(request, exchange));
    sendAnswer(response, answer);
    this.#unread.watch(request.socket, response);
    const { clock, timers } = this.#options;
    const operation = exchange.route === undefined ? undefined : this.#routes[exchange.route.index]?.operation;
    const durationMs = timers.monotonicMs() - exchange.startedMs;
    const traffic = this.requests.inspects ? { request, answer } : undefined;
    this.requests.add(answeredEntry({ exchange, operation, status: answer.status, answeredAtMs: clock.now(), durationMs, traffic }));
  }

  /** Host, origin, credentials, body, then the operation: each refusal comes before any further work. */
  async #answer(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<Answer> {
    const host = this.#admit(request, exchange);
    const route = this.#find(exchange);
    if (route === 'preflight') return { status: 204, headers: [], body: undefined };
    const auth = route.operation?.auth;
    if (this.gate.opened !== undefined && isAboutState(auth)) await this.gate.opened;
    const { generation } = this.gate;
    if (auth !== undefined) {
      const caller = this.#options.authenticator.authenticate({ auth, request, exchange, host });
      exchange.caller = caller instanceof Promise ? await caller : caller;
    }
    if (mayHaveBody(exchange.method)) exchange.rawBody = await receiveBody(request, this.#options.maxBodyBytes);
    checkContentHash(exchange);
    if (this.#options.faults.isActive && route.operation !== undefined) {
      const given = await this.#disturbances.apply({ operation: route.operation, exchange, response });
      if (given !== undefined) return given;
    }
    const serve = (): Answer | Promise<Answer> => route.handler({ request, response, exchange });
    if (!isAboutState(auth)) return serve();
    // The admin key is no part of the state: what it allowed before a replacement it allows after.
    const isAdmin = auth === 'admin' || auth === 'arm';
    if (isAdmin) await this.gate.opened;
    return this.gate.serve(isAdmin ? this.gate.generation : generation, serve);
  }

  /** @throws ApiError 400, 403 or 404 */
  #admit(request: IncomingMessage, exchange: Exchange): ParsedHost {
    const host = hostOf(request);
    exchange.host = host.host;
    const topic = this.#options.origins.check({ request, host, encrypted: exchange.encrypted, admin: exchange.isAdmin });
    if (topic !== undefined) exchange.routed = belowTopic(topic, exchange.target);
    return host;
  }

  #begin(request: IncomingMessage): Exchange {
    return {
      requestId: uuid(this.#options.random),
      startedMs: this.#options.timers.monotonicMs(),
      method: request.method ?? '',
      target: request.url ?? '',
      routed: request.url ?? '',
      encrypted: 'encrypted' in request.socket,
      isAdmin: isAdminTarget(request.url ?? ''),
      route: undefined,
      allowedMethods: [],
      host: '',
      caller: undefined,
      rawBody: undefined,
      signedContentHash: undefined,
      refusal: undefined,
      fault: undefined,
    };
  }

  /** @throws ApiError 400, 404 or 405 */
  #find(exchange: Exchange): Route | 'preflight' {
    const match = this.#matcher.match(exchange.method, exchange.routed);
    switch (match.kind) {
      case 'route':
        exchange.route = match.route;
        return this.#routes[match.route.index] as Route;
      case 'preflight':
        return 'preflight';
      case 'wrong-method':
        exchange.allowedMethods = match.allowed;
        throw httpErrors.wrongMethod(match.allowed);
      case 'malformed':
        throw httpErrors.malformedTarget();
      case 'not-found':
        throw isArmTarget(exchange.routed) ? unknownResourceType(exchange.routed) : httpErrors.notFound();
    }
  }

  /** Headers every response carries, refusals included. */
  #manners(request: IncomingMessage, exchange: Exchange): string[] {
    const headers = ['x-ms-request-id', exchange.requestId, 'ms-cv', this.#nextVector()];
    if (exchange.fault !== undefined) headers.push(FAULT_HEADER, exchange.fault.rule);
    if (this.#isDraining) headers.push('connection', 'close');
    const clientId = request.headers['x-ms-client-request-id'];
    if (typeof clientId === 'string' && /^[\w.-]{1,100}$/.test(clientId)) headers.push('x-ms-client-request-id', clientId);
    if (!exchange.isAdmin) headers.push(...this.#options.origins.headersFor(request));
    return headers;
  }

  #nextVector(): string {
    return `${this.#vectorBase}.${this.#vector++}`;
  }

  /** What Node's parser refused, as every other refusal. @returns its headers */
  #refuseMalformed(refusal: ApiError): Readonly<Record<string, string>> {
    const id = uuid(this.#options.random);
    this.requests.add(malformedEntry({ id, refusal, answeredAtMs: this.#options.clock.now() }));
    return { 'x-ms-request-id': id, 'ms-cv': this.#nextVector() };
  }
}

/** The path of a topic's own host is what lies below the topic on the others. Targets that are no path stay what they are: malformed. */
function belowTopic({ name }: TopicRef, target: string): string {
  return target.startsWith('/') ? `/topics/${name}${target.replace(/^\/\//, '/')}` : target;
}

/** Whether an operation, or the judgement of its caller, depends on anything stored. */
function isAboutState(auth: OperationAuth | undefined): boolean {
  return auth !== undefined && auth !== 'none';
}

/** Any other `Upgrade` header (such as Java's `h2c` on a POST) leaves the request an ordinary one. */
function isWebSocket(request: IncomingMessage): boolean {
  return /^websocket$/i.test(request.headers.upgrade ?? '');
}

/** How every listener's server is made. The `Host` rules are ours to enforce. */
export const LISTENER_OPTIONS = {
  shouldUpgradeCallback: isWebSocket,
  requireHostHeader: false,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeoutBuffer: KEEP_ALIVE_BUFFER_MS,
  connectionsCheckingInterval: 5_000,
};
