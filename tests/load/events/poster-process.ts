import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('poster.ts', import.meta.url));

export type PosterKind = 'node-http' | 'raw-socket';

/** A {@link import('./poster.ts')} on a core of its own. */
export class PosterProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout });
  }

  static async start(options: {
    readonly core: number;
    readonly kind: PosterKind;
    readonly url: string;
    readonly body: string;
  }): Promise<PosterProcess> {
    const { core, kind, url, body } = options;
    const command = ['-c', String(core), process.execPath, '--disable-warning=ExperimentalWarning', SCRIPT, kind, url, body];
    const poster = new PosterProcess(spawn('taskset', command, { stdio: ['pipe', 'pipe', 'inherit'] }));
    await once(poster.#lines, 'line');
    return poster;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when so many posts have been answered. */
  async post(count: number): Promise<void> {
    const done = once(this.#lines, 'line');
    this.#child.stdin.write(`${count}\n`);
    await done;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
