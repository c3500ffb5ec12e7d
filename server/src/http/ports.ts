import type { KeyObject } from 'node:crypto';
import type { Limits } from '../limits/index.ts';

/** What `http/` needs to know of a resource; `resources/` supplies it. */
export interface ResourceRef {
  /** Immutable GUID, part of every identity and token of the resource. */
  readonly id: string;
  readonly name: string;
  readonly accessKeys: readonly AccessKey[];
  /** What is enforced for this resource: its own preset, or the server's. */
  readonly limits: Limits;
}

export interface AccessKey {
  readonly slot: 'primary' | 'secondary';
  /** Grows with each regeneration. Tokens remember slot and version of the key that asked for them. */
  readonly version: number;
  readonly secret: KeyObject;
}

/** Finds the resource a request is for; implemented by `resources/`. */
export interface ResourceDirectory {
  /**
   * What a host name stands for: one resource, the shared names on which credentials choose, or nothing we serve.
   *
   * @param hostname lower case, without port
   */
  byHost(hostname: string): ResourceRef | 'shared' | undefined;
  /** Every live resource, most recently used first. */
  all(): Iterable<ResourceRef>;
  /** Called with the resource whose key verified, so that it is tried first the next time. */
  used(resource: ResourceRef): void;
}

/** What `http/` needs to know of a custom topic; `events/` supplies it. */
export interface TopicRef {
  readonly id: string;
  readonly name: string;
  /** Base64. */
  readonly keys: readonly string[];
  /** Whether a key, or a signature made with one, lets publish. */
  readonly takesKeys: boolean;
}

export interface TopicDirectory {
  /** @param name in any case of letters */
  find(name: string): TopicRef | undefined;
  /** The topic that a host name stands for alone. @param hostname lower case, without port */
  byHost(hostname: string): TopicRef | undefined;
}

/** A user by its resource: ids of directory users are the same in every resource. */
export interface UserKey {
  readonly resourceId: string;
  readonly id: string;
}

/** A user as one text, for maps and messages. */
export function textOfUser({ resourceId, id }: UserKey): string {
  return `${resourceId} ${id}`;
}

/** What an access token was issued with; enough to judge later whether it still stands. Plain data, may be stored. */
export interface TokenGrant {
  /** Raw id, `8:acs:<resource>_<user>`. */
  readonly identity: string;
  readonly resourceId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  /** Revocations of the identity that had happened when the token was issued. */
  readonly generation: number;
  readonly keySlot: AccessKey['slot'];
  readonly keyVersion: number;
}

/** A user access token that was found valid a moment ago. */
export interface VerifiedToken {
  readonly resource: ResourceRef;
  readonly identity: string;
  readonly scopes: ReadonlySet<string>;
  readonly grant: TokenGrant;
  /** Milliseconds since the epoch from which it is refused: its expiry, or an earlier revocation already asked for. */
  readonly validUntilMs: number;
}

/** Checks user access tokens; implemented by `identity/`. */
export interface TokenVerifier {
  /** @throws ApiError 401 with an explanation when the token is malformed, expired, revoked or not ours */
  verify(token: string): VerifiedToken | Promise<VerifiedToken>;
  /** The same judgement for a grant remembered from an earlier verification. */
  verifyGrant(grant: TokenGrant): Promise<VerifiedToken>;
  /** Calls back whenever tokens of a user (or, with undefined, of any user) may have lost their validity. */
  onRevoked(listener: (user: UserKey | undefined) => void): void;
}
