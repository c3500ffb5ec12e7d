import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The cores a bench uses, so that the load generator never takes time from the server. */
export interface Cores {
  readonly server: number;
  readonly generator: number;
}

/**
 * Moves this process, all its threads and so its future children to the generator's core. On a machine with one core
 * both share it, and `warn` is told.
 */
export function claimCores(warn: (text: string) => void): Cores {
  const [server = 0, generator = server] = allowedCores();
  if (generator === server) warn('server and load generator share the only core: take the figures for a trial');
  execFileSync('taskset', ['-a', '-c', '-p', String(generator), String(process.pid)], { stdio: 'ignore' });
  return { server, generator };
}

function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
