import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The cores a bench uses, so that the load generator never takes time from the server. */
export interface Cores {
  readonly server: number;
  readonly generator: number;
}

/** Moves this process, all its threads and so its future children to the generator's core. Throws on a machine with one core. */
export function claimCores(): Cores {
  const [server, generator] = allowedCores();
  if (server === undefined || generator === undefined)
    throw new Error('the benches need two cores: one for the server, one for the load generator');
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
