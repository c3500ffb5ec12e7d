import { folderOf, nameOf, type LockedPackage, type Lockfile, type Manifest } from './lockfile.ts';

/** The workspaces whose dependencies their users install. */
const PUBLISHED = ['contract', 'server', 'cli', 'chat-node', 'portal'];

/** The portal ships as built files, which hold its development dependencies, except those that only build it. */
const BUNDLED = 'portal';
const BUILD_TOOL = /^(?:@types\/.*|vite|@vitejs\/.*)$/;

export interface ProductionPackage {
  readonly name: string;
  /** The folder it is locked in, e.g. `node_modules/pino`. */
  readonly folder: string;
  readonly licence: string;
  /** Installed on some platforms only, so its files may be absent here. */
  readonly platformBound: boolean;
}

/** Every package of others that reaches users of what is published, directly or through another, sorted by name. */
export function productionPackages(lockfile: Lockfile, manifests: Readonly<Record<string, Manifest>>): ProductionPackage[] {
  const folders = new Set<string>();
  const waiting: string[] = [];
  const need = (fromFolder: string, names: readonly string[]): void => {
    for (const name of names) {
      const folder = folderOf(lockfile, fromFolder, name);
      // Not locked: an optional peer nobody asked for.
      if (folder === undefined || folders.has(folder) || lockfile.packages[folder]?.link === true) continue;
      folders.add(folder);
      waiting.push(folder);
    }
  };
  for (const workspace of PUBLISHED) need(workspace, ownDependencies(workspace, manifests[workspace] ?? {}));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop())
    need(folder, dependenciesOf(lockfile.packages[folder] ?? {}));
  return [...folders].map((folder) => describe(folder, lockfile.packages[folder] ?? {})).sort(byNameThenFolder);
}

function ownDependencies(workspace: string, manifest: Manifest): string[] {
  if (workspace !== BUNDLED) return dependenciesOf(manifest);
  return [...dependenciesOf(manifest), ...Object.keys(manifest.devDependencies ?? {}).filter((name) => !BUILD_TOOL.test(name))];
}

function dependenciesOf({ dependencies, optionalDependencies, peerDependencies }: Manifest | LockedPackage): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

function describe(folder: string, locked: LockedPackage): ProductionPackage {
  const platformBound = locked.os !== undefined || locked.cpu !== undefined;
  return { name: nameOf(folder), folder, licence: locked.license ?? 'UNKNOWN', platformBound };
}

function byNameThenFolder(a: ProductionPackage, b: ProductionPackage): number {
  return compare(a.name, b.name) || compare(a.folder, b.folder);
}

/** By code unit: the same order whatever the language of the machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
