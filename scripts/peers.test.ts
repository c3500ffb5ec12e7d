import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ENSURE = `await import(${JSON.stringify(join(import.meta.dirname, 'peers.mjs'))}).then((peers) => peers.ensurePeers('tests'))`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-peers-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('ensurePeers', () => {
  it('installs what is missing through apt where this user may', () => {
    provideApt(`printf '#!/bin/sh' > ${join(folder, 'chromium')}`);
    const { status, stdout, stderr } = ensure();
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/installing .*chromium.* through apt/);
    expect(stderr).toMatch(/apt-get install .*chromium/);
    expect(stdout).toBe('');
    expect(ensure()).toMatchObject({ status: 0, stderr: '' });
  });

  it('says what to install where there is no apt', () => {
    const { status, stderr } = ensure();
    expect(status).toBe(1);
    expect(stderr).toMatch(/install these Debian packages, then run this again: .*chromium/);
  });

  it('fails when apt provided nothing', () => {
    provideApt(':');
    const { status, stderr } = ensure();
    expect(status).toBe(1);
    expect(stderr).toMatch(/apt did not provide .*chromium/);
  });

  it('fails when apt failed', () => {
    provideApt('[ "$1" = --version ]');
    expect(ensure()).toMatchObject({ status: 1, stderr: expect.stringMatching(/apt-get update -qq failed with exit code 1/) as string });
  });
});

/** An apt-get that tells its arguments and runs `action`, and a sudo that lets it. */
function provideApt(action: string): void {
  provide('apt-get', `echo "apt-get $*"; ${action}`);
  provide('sudo', 'shift; exec "$@"');
  provide('true', ':');
  symlinkSync('/usr/bin/env', join(folder, 'env'));
}

function provide(command: string, action: string): void {
  writeFileSync(join(folder, command), `#!/bin/sh\n${action}\n`);
  chmodSync(join(folder, command), 0o755);
}

/** On a machine with nothing on its PATH but the folder's commands. */
function ensure(): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', ENSURE], { env: { PATH: folder }, encoding: 'utf8' });
}
