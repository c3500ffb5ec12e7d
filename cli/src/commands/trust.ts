import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { addTarget, findServer, type TargetOptions } from '../server-client.ts';

export function addTrust(program: Command): void {
  addTarget(program.command('trust').description('make this user trust the local certificate authority'))
    .option('--print', 'only print the path of the authority and how to use it')
    .action((options: TargetOptions & { readonly print?: boolean }) => {
      const { caFile } = findServer(options);
      if (options.print !== true) process.stdout.write(`${install(caFile)}\n`);
      process.stdout.write(`Node:   NODE_EXTRA_CA_CERTS=${caFile}\nPython: REQUESTS_CA_BUNDLE=${caFile}\ncurl:   --cacert ${caFile}\n`);
    });
}

/** Adds the authority to the stores that browsers of this user read. @returns what was done */
function install(caFile: string): string {
  switch (platform()) {
    case 'darwin':
      execFileSync(
        'security',
        ['add-trusted-cert', '-r', 'trustRoot', '-k', join(homedir(), 'Library/Keychains/login.keychain-db'), caFile],
        { stdio: 'inherit' },
      );
      return 'Added to the login keychain.';
    case 'win32':
      execFileSync('certutil', ['-user', '-addstore', 'Root', caFile], { stdio: 'inherit' });
      return "Added to the user's root store.";
    default:
      return installForChromium(caFile);
  }
}

/** Chromium and its relatives on Linux read the NSS database of the user. */
function installForChromium(caFile: string): string {
  const database = join(homedir(), '.pki/nssdb');
  try {
    if (!existsSync(database)) {
      mkdirSync(database, { recursive: true, mode: 0o700 });
      execFileSync('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
    }
    execFileSync('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', nicknameOf(caFile), '-i', caFile]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new CommandError(
        'certutil is missing; install it (Debian: apt-get install libnss3-tools), or import the file by hand: ' + caFile,
      );
    throw new CommandError(`certutil could not add ${caFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return `Added to ${database}, which Chromium and Chrome read; restart the browser.`;
}

/** The subject, which differs from installation to installation: the database allows one subject for each nickname. */
function nicknameOf(caFile: string): string {
  return new X509Certificate(readFileSync(caFile)).subject.replace(/^CN=/, '');
}
