import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that is still there then is ended: none outlives its test. */
const PATIENCE_MS = 30_000;
const BIN = fileURLToPath(new URL('../../cli/bin/switchboard.mjs', import.meta.url));

export interface RunningCommand extends AsyncDisposable {
  /** Standard output so far. */
  out(): string;
  /** Resolves when standard output matches; rejects when the command ends before. */
  shows(pattern: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<CommandResult>;
}

/** Starts `switchboard ARGS` as a person would. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const deadline = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const ended = once(child, 'close').then(([code]): CommandResult => {
    clearTimeout(deadline);
    return { code: code as number | null, out, err };
  });
  const shows = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(out)) {
      const next = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
      if (next !== undefined && !pattern.test(out)) throw new Error(`the command ended without showing ${String(pattern)}: ${next.err}`);
    }
  };
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { out: () => out, shows, signal: (name) => void child.kill(name), ended, [Symbol.asyncDispose]: dispose };
}

/** Runs `switchboard ARGS` to its end. */
export function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return startCommand(args, env).ended;
}
