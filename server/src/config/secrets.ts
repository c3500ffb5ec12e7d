import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../lib/random.ts';

const KEY_BYTES = 24;

/** The admin key: as set, or made on the first start and kept in `admin.key`, readable for its owner only. */
export function openAdminKey(options: {
  readonly given: string | undefined;
  readonly folder: string | undefined;
  readonly random: Random;
}): string {
  const { given, folder, random } = options;
  if (given !== undefined) return given;
  const fresh = random.bytes(KEY_BYTES).toString('base64url');
  if (folder === undefined) return fresh;
  const file = join(folder, 'admin.key');
  try {
    const fd = openSync(file, 'wx', 0o600);
    writeSync(fd, `${fresh}\n`);
    fsyncSync(fd);
    closeSync(fd);
    return fresh;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  const kept = readFileSync(file, 'utf8').trim();
  if (kept.length < 16) throw new Error(`${file} is damaged: it must hold at least 16 characters; delete it to get a new admin key`);
  return kept;
}
