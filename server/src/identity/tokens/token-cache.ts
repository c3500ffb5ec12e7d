import { textOfUser, type UserKey, type VerifiedToken } from '../../http/index.ts';

interface Entry {
  readonly token: string;
  readonly verified: VerifiedToken;
}

/** Tokens held at once: about 1.5 kB each. The oldest give way. */
const CAPACITY = 50_000;
/** The signature's tail is as good as the whole token for a hash table, at a quarter of the cost. */
const KEY_CHARACTERS = 43;

/** Verified tokens. None outlives its expiry or revocation: each carries the time it ends, and revocations remove it. */
export class TokenCache {
  readonly #byTail = new Map<string, Entry>();
  /** Lists, not sets: a user has a token or two, and an empty set weighs ten times as much. */
  readonly #byUser = new Map<string, readonly string[]>();

  find(token: string, nowMs: number): VerifiedToken | undefined {
    const tail = token.slice(-KEY_CHARACTERS);
    const entry = this.#byTail.get(tail);
    if (entry === undefined || entry.token !== token) return undefined;
    if (entry.verified.validUntilMs > nowMs) return entry.verified;
    this.#remove(tail);
    return undefined;
  }

  add(token: string, verified: VerifiedToken): void {
    const tail = token.slice(-KEY_CHARACTERS);
    this.#remove(tail);
    if (this.#byTail.size >= CAPACITY) {
      const oldest = this.#byTail.keys().next();
      if (oldest.done !== true) this.#remove(oldest.value);
    }
    this.#byTail.set(tail, { token, verified });
    const user = userOf(verified);
    this.#byUser.set(user, [...(this.#byUser.get(user) ?? []), tail]);
  }

  forget(key: UserKey): void {
    const user = textOfUser(key);
    for (const tail of this.#byUser.get(user) ?? []) this.#byTail.delete(tail);
    this.#byUser.delete(user);
  }

  clear(): void {
    this.#byTail.clear();
    this.#byUser.clear();
  }

  #remove(tail: string): void {
    const entry = this.#byTail.get(tail);
    if (entry === undefined) return;
    this.#byTail.delete(tail);
    const user = userOf(entry.verified);
    const others = (this.#byUser.get(user) ?? []).filter((other) => other !== tail);
    if (others.length === 0) this.#byUser.delete(user);
    else this.#byUser.set(user, others);
  }
}

function userOf({ resource, identity }: VerifiedToken): string {
  return textOfUser({ resourceId: resource.id, id: identity });
}
