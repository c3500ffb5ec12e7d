/**
 * `npm run lock -- ARGUMENTS OF npm install` changes the lockfile: with the Node of this project, because an npm run by an
 * older one silently picks older versions. Keeps beside the lockfile which Node made it; `tests/static/lockfile.test.ts`
 * refuses a lockfile that came about otherwise. `npm run lock -- --fresh` resolves everything anew.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import semver from 'semver';
import { lockfileHash, ORIGIN_FILE, type LockfileOrigin, type Manifest } from './lockfile.ts';

const root = join(import.meta.dirname, '..');
const originPath = join(root, ORIGIN_FILE);
const installArguments = process.argv.slice(2).filter((argument) => argument !== '--fresh');

try {
  refuseOldNode();
  if (process.argv.includes('--fresh')) resolveAnew();
  else refuseForeignLockfile();
  npm(['install', '--ignore-scripts', '--save-exact', ...installArguments], root);
  const origin: LockfileOrigin = { node: process.versions.node, sha256: lockfileHash(root) };
  writeFileSync(originPath, `${JSON.stringify(origin, undefined, 2)}\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function refuseOldNode(): void {
  const range = readManifest().engines?.node ?? '*';
  if (!semver.satisfies(process.versions.node, range))
    throw new Error(`This is Node ${process.versions.node}; the lockfile needs ${range}.`);
}

function refuseForeignLockfile(): void {
  const known = existsSync(originPath) ? (JSON.parse(readFileSync(originPath, 'utf8')) as LockfileOrigin).sha256 : undefined;
  if (known === lockfileHash(root)) return;
  throw new Error('The lockfile was changed by something else. Restore it and repeat the change here, or resolve all anew with --fresh.');
}

/** In a folder without node_modules: what is installed here would be taken over, and other platforms' packages left out. */
function resolveAnew(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'switchboard-lock-'));
  const workspaces = readManifest().workspaces ?? [];
  for (const file of ['.npmrc', 'package.json', ...workspaces.map((name) => `${name}/package.json`)])
    cpSync(join(root, file), join(scratch, file));
  npm(['install', '--ignore-scripts', '--package-lock-only'], scratch);
  cpSync(join(scratch, 'package-lock.json'), join(root, 'package-lock.json'));
  rmSync(scratch, { recursive: true });
}

function npm(npmArguments: readonly string[], cwd: string): void {
  const { npm_config_local_prefix: _, ...inherited } = process.env;
  // npm's first line says `env node`: this Node has to be the first on the PATH.
  const env = { ...inherited, PATH: [dirname(process.execPath), inherited['PATH'] ?? ''].join(delimiter) };
  const { status } = spawnSync('npm', npmArguments, { cwd, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ${npmArguments.join(' ')} failed`);
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
}
