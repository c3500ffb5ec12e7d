import type { VerifiedToken } from '../../http/index.ts';

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
  readonly #byIdentity = new Map<string, Set<string>>();

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
    const tails = this.#byIdentity.get(verified.identity);
    if (tails === undefined) this.#byIdentity.set(verified.identity, new Set([tail]));
    else tails.add(tail);
  }

  forget(identity: string): void {
    for (const tail of this.#byIdentity.get(identity) ?? []) this.#byTail.delete(tail);
    this.#byIdentity.delete(identity);
  }

  clear(): void {
    this.#byTail.clear();
    this.#byIdentity.clear();
  }

  #remove(tail: string): void {
    const entry = this.#byTail.get(tail);
    if (entry === undefined) return;
    this.#byTail.delete(tail);
    const tails = this.#byIdentity.get(entry.verified.identity);
    tails?.delete(tail);
    if (tails?.size === 0) this.#byIdentity.delete(entry.verified.identity);
  }
}
