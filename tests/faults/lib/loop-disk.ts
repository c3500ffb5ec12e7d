import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TemporaryFolder } from '../../lib/temporary.ts';

/**
 * `EXT4_IOC_SHUTDOWN`, `_IOR('X', 125, __u32)`, with the flag "neither flush data nor the journal": from one moment to the
 * next nothing written reaches the disk any more, as in a power cut. Node has no ioctl; Perl is part of every Debian.
 */
const SHUT_DOWN = 'open(my $d, "<", $ARGV[0]) or die $!; my $flags = pack("L", 2); ioctl($d, 0x8004587d, $flags) or die $!;';

/**
 * An ext4 file system of its own in an image file, mounted on a loop device. Needs root, as mounting does: without it the
 * tests of real disks fail, because nothing else proves what they prove.
 */
export class LoopDisk implements Disposable {
  /** Where the file system is mounted. */
  readonly path: string;
  readonly #folder = new TemporaryFolder();
  readonly #image = join(this.#folder.path, 'disk.img');

  /** Makes and mounts an empty file system. */
  constructor(sizeBytes: number) {
    this.path = join(this.#folder.path, 'mounted');
    mkdirSync(this.path);
    writeFileSync(this.#image, '');
    truncateSync(this.#image, sizeBytes);
    // No reserved blocks: root would go on writing to a disk that is full for everybody else.
    run('mkfs.ext4', ['-q', '-F', '-m', '0', this.#image]);
    this.#mount();
  }

  /** Cuts the power: nothing that is not on the disk by now will ever be. */
  cutPower(): void {
    run('perl', ['-e', SHUT_DOWN, this.path]);
  }

  /** What a machine finds that starts again: a copy of the image as the cut left it, its journal replayed. */
  restorePower(): void {
    const copy = `${this.#image}.copy`;
    copyFileSync(this.#image, copy);
    run('umount', [this.path]);
    renameSync(copy, this.#image);
    this.#mount();
  }

  /** Holds every write and sync in the kernel for so long, as a disk that does not answer. */
  async standStill(durationMs: number): Promise<void> {
    await promisify(execFile)('fsfreeze', ['--freeze', this.path]);
    try {
      await delay(durationMs);
    } finally {
      run('fsfreeze', ['--unfreeze', this.path]);
    }
  }

  [Symbol.dispose](): void {
    // Lazily: a server that a failed test left behind must not keep the mount.
    run('umount', ['-l', this.path]);
    this.#folder[Symbol.dispose]();
  }

  #mount(): void {
    try {
      run('mount', ['-t', 'ext4', '-o', 'loop', this.#image, this.path]);
    } catch (cause) {
      throw new Error('this test needs loop mounts: run it as root, in a container that may mount', { cause });
    }
  }
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
