import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A program nobody here wrote, or a few lines around one, and what it prints. */
export class PeerProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #errors: string[] = [];
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  /** @param talksOn where it says what the test waits for; its complaints are on standard error in any case */
  constructor(command: readonly [program: string, ...args: string[]], talksOn: 'stdout' | 'stderr' = 'stdout') {
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    // A test that runs out of time disposes of nothing.
    onTestFinished(() => void child.kill('SIGKILL'));
    createInterface({ input: child[talksOn] }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.#errors.push(line));
    child.on('error', (error) => this.#errors.push(error.message));
    child.on('close', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  /** The next line of its output. @throws Error when it ends instead, with what it complained of */
  async line(): Promise<string> {
    while (this.#lines.length === 0) {
      if (this.#isOver) throw new Error(`the program has ended: ${this.#errors.join('\n')}`);
      await this.#changed.promise;
    }
    return this.#lines.shift()!;
  }

  /** Resolves when it has said that. */
  async says(text: string): Promise<void> {
    while (!(await this.line()).includes(text));
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<void> {
    while (!this.#isOver) await this.#changed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'close');
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** A PDU as Net::SMPP read it: its members by their names in the specification, octets in hexadecimal digits. */
export type PerlPdu = Readonly<Record<string, string | number>>;

/** The scripts around Net::SMPP lie where other tests find them, too. */
export function perl(script: 'smsc.pl' | 'esme.pl', ...args: readonly string[]): PeerProgram {
  return new PeerProgram(['perl', fileURLToPath(new URL(`../../../../tests/lib/smpp/${script}`, import.meta.url)), ...args]);
}

export async function nextPerlPdu(program: PeerProgram): Promise<PerlPdu> {
  return JSON.parse(await program.line()) as PerlPdu;
}
