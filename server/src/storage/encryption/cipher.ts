import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { Random } from '../../lib/random.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NO_HEADER = Buffer.alloc(0);

export interface EncryptOptions {
  /** Binds the bytes to the place they are stored in. */
  readonly aad: string;
  readonly random: Random;
  /** Put in front, as it is. */
  readonly header?: Buffer;
}

/** Nonce, ciphertext and tag of AES-256-GCM. */
export function encrypt(key: KeyObject, plain: Uint8Array | string, { aad, random, header = NO_HEADER }: EncryptOptions): Buffer {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  return Buffer.concat([header, nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when the bytes were changed, moved, or sealed under another key */
export function decrypt(key: KeyObject, sealed: Uint8Array, aad: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('sealed bytes are too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const body = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  return Buffer.concat([body, decipher.final()]);
}
