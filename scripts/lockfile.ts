import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of an npm lockfile (version 3) that are read here. Keys of `packages` are folders: `node_modules/x`, `server`. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage extends Manifest {
  /** The path of the workspace a link leads to; registry packages have none (`omit-lockfile-registry-resolved`). */
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly license?: string;
  readonly os?: unknown;
  readonly cpu?: unknown;
}

/** The parts of a package.json that are read here. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly workspaces?: readonly string[];
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export type Dependencies = Readonly<Record<string, string>>;

/** Which Node made the lockfile, and the lockfile it made. */
export interface LockfileOrigin {
  readonly node: string;
  readonly sha256: string;
}

/** What a check of the lockfile looks at. */
export interface LockedProject {
  readonly lockfile: Lockfile;
  readonly sha256: string;
  readonly origin: LockfileOrigin;
  /** Folder of each workspace ('' is the root) → its package.json. */
  readonly manifests: Readonly<Record<string, Manifest>>;
}

export const ORIGIN_FILE = 'package-lock.origin.json';

/** Reads lockfile, origin and every package.json of the project in folder `root`. */
export function readLockedProject(root: string): LockedProject {
  const rootManifest = readJson(join(root, 'package.json')) as Manifest;
  const manifests: Record<string, Manifest> = { '': rootManifest };
  for (const folder of rootManifest.workspaces ?? []) manifests[folder] = readJson(join(root, folder, 'package.json')) as Manifest;
  return {
    lockfile: readJson(join(root, 'package-lock.json')) as Lockfile,
    sha256: lockfileHash(root),
    origin: readJson(join(root, ORIGIN_FILE)) as LockfileOrigin,
    manifests,
  };
}

/** SHA-256 of the lockfile's bytes, in hexadecimal. */
export function lockfileHash(root: string): string {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** The package's name, from its folder: `server/node_modules/@types/pg` → `@types/pg`. */
export function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The folder Node finds package `name` in when a file of `fromFolder` imports it; undefined when none is locked. */
export function folderOf(lockfile: Lockfile, fromFolder: string, name: string): string | undefined {
  let folder = fromFolder;
  for (;;) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lockfile.packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
    folder = parentFolder(folder);
  }
}

function parentFolder(folder: string): string {
  const nested = folder.lastIndexOf('/node_modules/');
  return nested === -1 ? '' : folder.slice(0, nested);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
