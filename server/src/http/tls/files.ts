import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

/** A file or folder without which TLS cannot start. The message begins with its path. */
export class TlsFileError extends Error {
  readonly file: string;

  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}`, cause === undefined ? undefined : { cause });
    this.name = 'TlsFileError';
    this.file = file;
  }
}

/** The text of `file`, or undefined when there is none. Throws {@link TlsFileError} when it cannot be read. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new TlsFileError(file, `cannot be read (${messageOf(error)})`, error);
  }
}

export interface FileToWrite {
  readonly file: string;
  readonly content: string;
  /** Permission bits, applied whatever the umask. */
  readonly mode: number;
}

/** Replaces `file` so that a crash or power cut leaves the old content or the new, never a part. */
export async function writeAtomically({ file, content, mode }: FileToWrite): Promise<void> {
  const temporary = `${file}.tmp`;
  // A rest of an interrupted write may have another mode or be a link; `wx` below must make the file itself.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename itself is journalled.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes `folder` when missing and takes every right to it from group and others. */
export async function ensurePrivateFolder(folder: string, log: Log): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new TlsFileError(folder, `cannot be made (${messageOf(error)})`, error);
  }
  if (await isPrivate(folder)) return;
  await closeToOthers(folder, 0o700);
  log.warn({ folder }, 'TLS folder was open to other users of this machine; its permissions are now 0700');
}

/**
 * Takes every right to a key file from group and others. It is repaired and not refused, because container platforms
 * widen the rights of whole volumes at each mount; the warning says how to replace a key that may have been read.
 */
export async function ensurePrivateKeyFile(file: string, log: Log): Promise<void> {
  if (await isPrivate(file)) return;
  await closeToOthers(file, 0o600);
  log.warn(
    { file },
    'private key was open to other users of this machine; its permissions are now 0600. If someone may have read it, stop the server, delete the folder of this file, start again and trust the new authority',
  );
}

/** Whether group and others have no right to `target`. Windows keeps access lists instead of modes. */
export async function isPrivate(target: string): Promise<boolean> {
  return process.platform === 'win32' || ((await stat(target)).mode & 0o077) === 0;
}

async function closeToOthers(target: string, mode: number): Promise<void> {
  const problem =
    'is open to other users of this machine and its permissions cannot be changed; keep it on a file system with permissions, owned by the user of the server';
  try {
    await chmod(target, mode);
  } catch (error) {
    throw new TlsFileError(target, problem, error);
  }
  // Some file systems accept the change and ignore it.
  if (!(await isPrivate(target))) throw new TlsFileError(target, problem);
}
