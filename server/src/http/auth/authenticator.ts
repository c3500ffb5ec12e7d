import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { OperationAuth } from '@switchboard/contract';
import { httpErrors } from '../errors.ts';
import type { Caller, Exchange } from '../exchange.ts';
import type { ParsedHost } from '../hosts.ts';
import type { AccessKey, ResourceDirectory, ResourceRef, TokenVerifier, TopicDirectory, VerifiedToken } from '../ports.ts';
import {
  type AuthorizationHeader,
  bindsRequest,
  findSigningKey,
  likelyStringToSign,
  parseAuthorization,
  signedDateHeader,
  type SignedRequest,
  stringsToSign,
} from './signature.ts';
import { publisherOf } from './topic-credentials.ts';

export interface AuthenticatorOptions {
  readonly resources: ResourceDirectory;
  readonly tokens: TokenVerifier;
  readonly topics: TopicDirectory;
  readonly adminKey: string;
  /** Further names under which clients may have signed (reverse proxies), lower case, with port where one is used. */
  readonly publicHosts: readonly string[];
  /** Real milliseconds since the epoch: the freshness of a signature does not follow a virtual clock. */
  readonly realNow: () => number;
  /** `false` accepts signatures of any date. */
  readonly checkDate: boolean;
}

/** A request that needs a caller of one kind. */
export interface AuthenticationQuestion {
  readonly auth: OperationAuth;
  readonly request: IncomingMessage;
  readonly exchange: Exchange;
  readonly host: ParsedHost;
}

interface Signer {
  readonly resource: ResourceRef;
  readonly key: AccessKey;
}

/** Upstream's tolerance for `x-ms-date`. */
const MAX_SKEW_MS = 15 * 60_000;

/** Finds out who makes a request, and refuses those who may not. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #adminKeyHash: Buffer;
  /** Callers by their token, which is verified once and then used for many requests. */
  readonly #users = new WeakMap<VerifiedToken, Caller>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#adminKeyHash = hash(options.adminKey);
  }

  /** @throws ApiError 401, with the rule that refused */
  authenticate({ auth, request, exchange, host }: AuthenticationQuestion): Caller | Promise<Caller> {
    switch (auth) {
      case 'none':
        return { kind: 'anonymous' };
      case 'admin':
      case 'arm':
        return this.#admin(request);
      case 'topicKey':
        return this.#publisher(request, exchange);
      case 'userToken':
        return this.#user(request, host);
      case 'entraUser':
        return { kind: 'bearer', token: bearer(request, 'a directory (Entra ID) token'), resource: this.#resourceOf(host) };
      case 'accessKey':
        return this.#accessKey(request, exchange, host);
    }
  }

  #admin(request: IncomingMessage): Caller {
    const token = bearer(request, 'the admin key as bearer token');
    if (!timingSafeEqual(hash(token), this.#adminKeyHash)) throw httpErrors.wrongCredentials('the admin key', 'another bearer token');
    return { kind: 'admin' };
  }

  #publisher(request: IncomingMessage, { route }: Exchange): Caller {
    const { topics, realNow } = this.#options;
    return { kind: 'publisher', topic: publisherOf({ request, topics, name: route?.params['topicName'] ?? '', nowMs: realNow() }) };
  }

  #user(request: IncomingMessage, host: ParsedHost): Caller | Promise<Caller> {
    // Live-push calls of the chat SDK carry the same token in a header of their own, without a scheme.
    const skypeToken = request.headers['x-skypetoken'];
    const token =
      typeof skypeToken === 'string' && request.headers.authorization === undefined ? skypeToken : bearer(request, 'a user access token');
    const verified = this.#options.tokens.verify(token);
    return verified instanceof Promise ? verified.then((found) => this.#onItsHost(found, host)) : this.#onItsHost(verified, host);
  }

  #onItsHost(token: VerifiedToken, host: ParsedHost): Caller {
    const named = this.#options.resources.byHost(host.hostname);
    if (named !== undefined && named !== 'shared' && named.id !== token.resource.id) throw httpErrors.wrongResource(host.hostname);
    let caller = this.#users.get(token);
    if (caller === undefined) this.#users.set(token, (caller = { kind: 'user', ...token }));
    return caller;
  }

  #accessKey(request: IncomingMessage, exchange: Exchange, host: ParsedHost): Caller {
    const header = authorizationOf(request);
    if (header === undefined) throw httpErrors.noCredentials('an access-key signature (HMAC-SHA256) or a directory token');
    if (/^bearer /i.test(header))
      throw httpErrors.wrongCredentials(
        'an access-key signature or a directory token',
        'a bearer token that no configured directory issued',
      );
    const authorization = parseAuthorization(header);
    if (authorization === undefined) throw httpErrors.malformedSignature();
    this.#checkDate(request, signedDateHeader(authorization.signedHeaders));
    const signed: SignedRequest = {
      method: request.method ?? '',
      target: exchange.target,
      header: (name) => single(request, name),
      hosts: [...new Set([asReceived(request, host), host.host, host.hostname, ...this.#options.publicHosts])],
    };
    const found = this.#findSigner(signed, authorization, host);
    if (found === undefined) throw httpErrors.wrongSignature();
    const { resource, key } = found;
    this.#options.resources.used(resource);
    exchange.signedContentHash = single(request, 'x-ms-content-sha256') ?? '';
    return { kind: 'accessKey', resource, slot: key.slot, keyVersion: key.version };
  }

  /** The likely text is tried with every key before the unlikely ones are even made. */
  #findSigner(signed: SignedRequest, { signedHeaders, signature }: AuthorizationHeader, host: ParsedHost): Signer | undefined {
    if (!bindsRequest(signedHeaders)) return undefined;
    const likely = [likelyStringToSign(signed, signedHeaders)];
    for (const texts of [() => likely, () => stringsToSign(signed, signedHeaders)]) {
      const candidates = texts();
      for (const resource of this.#candidates(host)) {
        const key = findSigningKey(candidates, resource.accessKeys, signature);
        if (key !== undefined) return { resource, key };
      }
    }
    return undefined;
  }

  /** Only the date that was signed counts: another one could be anybody's. */
  #checkDate(request: IncomingMessage, name: string): void {
    if (!this.#options.checkDate) return;
    const value = single(request, name) ?? '';
    const skewMs = Math.abs(Date.parse(value) - this.#options.realNow());
    if (Number.isNaN(skewMs) || skewMs > MAX_SKEW_MS) throw httpErrors.dateSkew(name, value.slice(0, 64));
  }

  #candidates(host: ParsedHost): Iterable<ResourceRef> {
    const named = this.#options.resources.byHost(host.hostname);
    return named === undefined || named === 'shared' ? this.#options.resources.all() : [named];
  }

  #resourceOf(host: ParsedHost): ResourceRef {
    const named = this.#options.resources.byHost(host.hostname);
    if (named !== undefined && named !== 'shared') return named;
    for (const resource of this.#options.resources.all()) if (resource.name === DEFAULT_RESOURCE) return resource;
    throw httpErrors.unknownHost(host.host);
  }
}

/** On shared hosts a directory token, which names no resource, stands for this one. */
const DEFAULT_RESOURCE = 'local';

function bearer(request: IncomingMessage, wanted: string): string {
  const header = authorizationOf(request);
  if (header === undefined) throw httpErrors.noCredentials(wanted);
  const token = header.slice(BEARER.length);
  if (header.slice(0, BEARER.length).toLowerCase() !== BEARER || token === '' || token.length > MAX_TOKEN || token.includes(' '))
    throw httpErrors.wrongCredentials(wanted, /^hmac-sha256/i.test(header) ? 'an access-key signature' : 'credentials of another form');
  return token;
}

const BEARER = 'bearer ';
const MAX_TOKEN = 16_384;

const AUTHORIZATION = 'authorization';

/** The host in the client's own spelling, which is what it signed. */
function asReceived(request: IncomingMessage, { host }: ParsedHost): string {
  const value = request.headers.host ?? '';
  return value.toLowerCase() === host ? value : host;
}

/** Node keeps the first of several; a proxy on the way may have judged another. @throws ApiError 401 */
function authorizationOf(request: IncomingMessage): string | undefined {
  const { rawHeaders } = request;
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count += 1;
  }
  if (count > 1) throw httpErrors.severalCredentials();
  return request.headers.authorization;
}

function single(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
