import type { ApiError } from '../lib/errors.ts';
import type { MatchedRoute } from './raw-matcher.ts';
import type { ResourceRef, TopicRef, VerifiedToken } from './ports.ts';

/** Who makes a request, as the credentials proved. */
export type Caller =
  | { readonly kind: 'accessKey'; readonly resource: ResourceRef; readonly slot: 'primary' | 'secondary'; readonly keyVersion: number }
  | ({ readonly kind: 'user' } & VerifiedToken)
  | { readonly kind: 'bearer'; readonly resource: ResourceRef; readonly token: string }
  | { readonly kind: 'admin' }
  | { readonly kind: 'publisher'; readonly topic: TopicRef }
  | { readonly kind: 'anonymous' };

/** What is known of one request while it is served. Holds neither the request nor its socket, so it may be remembered. */
export interface Exchange {
  readonly requestId: string;
  readonly startedMs: number;
  readonly method: string;
  /** Request target as received. */
  readonly target: string;
  /** Where its route lies: the target, below the topic where the host is one's own. */
  routed: string;
  readonly encrypted: boolean;
  /** It is meant for who holds the admin key: the admin API, or resource management. */
  readonly isAdmin: boolean;
  route: MatchedRoute | undefined;
  allowedMethods: readonly string[];
  /** Host name and port the client used, e.g. `localhost:8443`. */
  host: string;
  caller: Caller | undefined;
  rawBody: Buffer | undefined;
  /** Set when `x-ms-content-sha256` was signed and must equal the body's hash. */
  signedContentHash: string | undefined;
  refusal: ApiError | undefined;
  /** The fault rule that has a hand in the answer, and what it did. */
  fault: { readonly rule: string; readonly cause: string } | undefined;
}

/** The origin under which the client reaches us; links in replies start with it. */
export function originOf(exchange: Exchange): string {
  return `${exchange.encrypted ? 'https' : 'http'}://${exchange.host}`;
}
