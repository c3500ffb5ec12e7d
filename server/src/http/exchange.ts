import type { IncomingMessage } from 'node:http';
import type { ApiError } from '../lib/errors.ts';
import type { MatchedRoute } from './raw-matcher.ts';
import type { ResourceRef, VerifiedToken } from './ports.ts';

/** Who makes a request, as the credentials proved. */
export type Caller =
  | { readonly kind: 'accessKey'; readonly resource: ResourceRef; readonly slot: 'primary' | 'secondary'; readonly keyVersion: number }
  | ({ readonly kind: 'user' } & VerifiedToken)
  | { readonly kind: 'bearer'; readonly resource: ResourceRef; readonly token: string }
  | { readonly kind: 'admin' }
  | { readonly kind: 'anonymous' };

/** What is known of one request while it is served. */
export interface Exchange {
  readonly requestId: string;
  readonly startedMs: number;
  /** Request target as received; `request.url` is rewritten. */
  readonly target: string;
  readonly encrypted: boolean;
  route: MatchedRoute | undefined;
  allowedMethods: readonly string[];
  /** Host name and port the client used, e.g. `localhost:8443`. */
  host: string;
  caller: Caller | undefined;
  rawBody: Buffer | undefined;
  /** Set when `x-ms-content-sha256` was signed and must equal the body's hash. */
  signedContentHash: string | undefined;
  refusal: ApiError | undefined;
}

const exchanges = new WeakMap<IncomingMessage, Exchange>();

export function beginExchange(request: IncomingMessage, exchange: Exchange): void {
  exchanges.set(request, exchange);
}

export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request);
  if (exchange === undefined) throw new Error('the request did not pass the router');
  return exchange;
}

/** The origin under which the client reaches us; links in replies start with it. */
export function originOf(exchange: Exchange): string {
  return `${exchange.encrypted ? 'https' : 'http'}://${exchange.host}`;
}
