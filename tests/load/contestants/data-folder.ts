import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tmpfsType = 0x01021994;

/** A new empty folder on a disk. Rejects when the temporary folder is in memory, where a sync costs nothing. */
export async function makeDataFolder(): Promise<string> {
  const { type } = await statfs(tmpdir());
  if (type === tmpfsType) throw new Error(`${tmpdir()} is in memory; set TMPDIR to a folder on a disk`);
  return mkdtemp(join(tmpdir(), 'switchboard-bench-'));
}

export function removeDataFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
