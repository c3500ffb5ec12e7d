/**
 * The programs nobody here wrote that tests and benches talk to. Debian packages, each with a file that proves it is
 * there (a bare name is looked up on the PATH, `*` stands for one folder name).
 * Plain JavaScript for Node 18: the set-up runs before the project's own Node is installed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PEERS = {
  tests: [
    { package: 'chromium', proof: 'chromium' },
    { package: 'e2fsprogs', proof: '/sbin/mkfs.ext4' },
    { package: 'kannel', proof: 'bearerbox' },
    { package: 'libnet-smpp-perl', proof: '/usr/share/perl5/Net/SMPP.pm' },
    { package: 'libnss3-tools', proof: '/usr/bin/certutil' },
    { package: 'mount', proof: '/sbin/losetup' },
    { package: 'perl-base', proof: '/usr/bin/perl' },
    { package: 'postgresql', proof: '/usr/lib/postgresql/*/bin/initdb' },
  ],
  bench: [
    { package: 'ejabberd', proof: 'ejabberdctl' },
    { package: 'erlang-p1-sqlite3', proof: '/usr/lib/erlang/lib/*/ebin/sqlite3.beam' },
    { package: 'nats-server', proof: 'nats-server' },
  ],
};

/**
 * Installs what is missing through apt where this user may, and says what to install where not.
 *
 * @param {'tests' | 'bench'} purpose which rows of the table are needed
 * @throws when a program is still missing afterwards; the message says what to do
 */
export function ensurePeers(purpose) {
  const missing = missingPackages(PEERS[purpose]);
  if (missing.length === 0) return;
  const apt = aptCommand();
  if (apt === undefined) throw new Error(`install these Debian packages, then run this again: ${missing.join(' ')}`);
  process.stderr.write(`switchboard: installing ${missing.join(', ')} through apt\n`);
  run([...apt, 'update', '-qq']);
  run([...apt, 'install', '-y', '-qq', '--no-install-recommends', ...missing]);
  const absent = missingPackages(PEERS[purpose]);
  if (absent.length > 0) throw new Error(`apt did not provide ${absent.join(', ')}; install by hand, then run this again`);
}

function missingPackages(peers) {
  return peers.filter((peer) => !exists(peer.proof)).map((peer) => peer.package);
}

function exists(proof) {
  if (proof.startsWith('/')) return matches('/', proof.split('/').slice(1));
  // Daemons live in /usr/sbin, which is on root's PATH only.
  const folders = [...(process.env.PATH || '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => isReadable(join(folder, proof)));
}

function matches(folder, [segment, ...rest]) {
  if (segment === undefined) return isReadable(folder);
  if (segment !== '*') return matches(join(folder, segment), rest);
  return entriesOf(folder).some((entry) => matches(join(folder, entry), rest));
}

function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isReadable(path) {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The apt-get command this user may run without being asked for a password, or undefined. */
function aptCommand() {
  // RUNLEVEL=1: a package must not start its daemon on the developer's machine; tests start their own, on free ports.
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'apt-get'];
  if (!succeeds(['apt-get', '--version'])) return undefined;
  if (process.getuid !== undefined && process.getuid() === 0) return apt;
  return succeeds(['sudo', '-n', 'true']) ? ['sudo', '-n', ...apt] : undefined;
}

function succeeds([command, ...args]) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run([command, ...args]) {
  // Standard output belongs to the command this set-up prepares; apt's words go to standard error.
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed with exit code ${status}`);
}
