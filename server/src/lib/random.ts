import { randomFillSync } from 'node:crypto';

/** Source of chance, injected so that a seed can make it repeatable. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Buffer;
}

const POOL_BYTES = 12_288;

/** Cryptographic chance, drawn from a pool because one large draw costs far less than many small ones. */
export class SystemRandom implements Random {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  bytes(length: number): Buffer {
    if (length > POOL_BYTES) return randomFillSync(Buffer.alloc(length));
    if (this.#used + length > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    // A copy: the pool is refilled in place, and what was handed out must not change.
    const bytes = Buffer.allocUnsafe(length);
    this.#pool.copy(bytes, 0, this.#used);
    this.#used += length;
    return bytes;
  }
}

/** A random (version 4) UUID, RFC 9562 section 5.4. */
export function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A number from 0 up to 1. */
export function fraction(random: Random): number {
  return random.bytes(4).readUInt32BE() / 2 ** 32;
}
