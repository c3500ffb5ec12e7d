import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../../lib/random.ts';

const KEY_BYTES = 32;

/**
 * The key under which all other keys are wrapped. It comes from the environment (32 bytes, base64) or from the file
 * `master.key` of the data folder, which only its owner may read.
 */
export class MasterKey {
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @throws Error naming the source when the text is not 32 bytes of base64 */
  static parse(text: string, source: string): MasterKey {
    const bytes = Buffer.from(text.trim(), 'base64');
    if (bytes.length !== KEY_BYTES)
      throw new Error(`${source} must hold ${KEY_BYTES} bytes as base64 (44 characters); it holds ${bytes.length} bytes`);
    return new MasterKey(bytes);
  }

  static random(random: Random): MasterKey {
    return new MasterKey(random.bytes(KEY_BYTES));
  }

  /** Reads `<folder>/master.key`, or makes it on the very first start. */
  static open(folder: string, random: Random): MasterKey {
    const file = join(folder, 'master.key');
    const existing = readIfPresent(file);
    if (existing !== undefined) return MasterKey.parse(existing, file);
    const bytes = random.bytes(KEY_BYTES);
    writeDurably(file, `${bytes.toString('base64')}\n`);
    return new MasterKey(bytes);
  }

  /** An independent key for one purpose, RFC 5869. */
  derive(purpose: string): KeyObject {
    return createSecretKey(Buffer.from(hkdfSync('sha256', this.#bytes, Buffer.alloc(0), `switchboard ${purpose}`, KEY_BYTES)));
  }
}

function readIfPresent(file: string): string | undefined {
  try {
    // A copied or restored file may have come back readable for others.
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Losing this file loses everything sealed under it, so it is on disk before anything is; and it appears as a whole, so
 * that no crash leaves half a key behind.
 */
function writeDurably(file: string, text: string): void {
  const draft = `${file}.new`;
  const fd = openSync(draft, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, file);
  syncFolder(dirname(file));
}

/** Makes the names in a folder durable. Windows can neither open nor sync one, and does not need to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
