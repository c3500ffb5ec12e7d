/**
 * Installs what is missing before `npm start`, `npm test` and `npm run bench`: the npm packages of the lockfile (Node 24
 * among them), the built portal, and with `--peers` or `--bench` the Debian programs tests or benches talk to.
 * Plain JavaScript for Node 18, no dependencies: it runs on whatever Node the host has. Writes to standard error only,
 * because standard output belongs to the command that follows.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePeers } from './peers.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeModules = join(root, 'node_modules');
const ownNode = join(nodeModules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
/** The Node everything here is run by; the host's own where no package brings one, checked after the installation. */
const nodeCommand = () => (existsSync(ownNode) ? ownNode : 'node');
const packagesStamp = join(nodeModules, '.switchboard-stamp');
const portalStamp = join(root, 'portal', '.stamp');
const portalPage = join(root, 'portal', 'dist', 'index.html');

try {
  ensurePackages();
  ensurePortal();
  if (process.argv.includes('--peers')) ensurePeers('tests');
  if (process.argv.includes('--bench')) ensurePeers('bench');
} catch (error) {
  process.stderr.write(`switchboard: set-up failed: ${error.message}\n`);
  process.exitCode = 1;
}

function ensurePackages() {
  const wanted = `${hashOf(['package-lock.json'])} ${process.platform}-${process.arch}`;
  if (readIfThere(packagesStamp) === wanted) return;
  say('installing npm packages (once per lockfile)');
  npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  checkNode();
  writeFileSync(packagesStamp, wanted);
}

/** The npm scripts find Node 24 in `node_modules/.bin`; where no package brings it, the host's own must be new enough. */
function checkNode() {
  const { stdout } = spawnSync(nodeCommand(), ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  const [major, minor] = String(stdout).trim().replace('v', '').split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return;
  const platform = `${process.platform}-${process.arch}`;
  throw new Error(
    `Node 24.9 or newer is needed, this host has ${stdout}, and no npm package brings one for ${platform}: install Node 24 by hand`,
  );
}

function ensurePortal() {
  const wanted = hashOf(['package-lock.json', ...filesUnder('portal'), ...filesUnder('contract/src')]);
  if (existsSync(portalPage) && readIfThere(portalStamp) === wanted) return;
  say('building the portal (once per change of its sources)');
  rmSync(portalStamp, { force: true });
  runOrThrow(nodeCommand(), [join(nodeModules, 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], join(root, 'portal'));
  if (!existsSync(portalPage)) throw new Error(`the portal's build made no ${portalPage}`);
  writeFileSync(portalStamp, wanted);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** Paths of all source files below `folder`, in a fixed order. */
function filesUnder(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (['node_modules', 'dist', '.stamp'].includes(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

function npm(args) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  // `npm ci` removes node_modules while it runs, so npm must not be run by the Node that lives there.
  if (script !== undefined && node !== undefined && !node.startsWith(nodeModules)) runOrThrow(node, [script, ...args], root);
  else runOrThrow(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, root);
}

function runOrThrow(command, args, cwd) {
  // What went well needs no words; what did not is on standard error.
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 2], shell: command.endsWith('.cmd') });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with exit code ${status}`);
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function say(text) {
  process.stderr.write(`switchboard: ${text}\n`);
}
