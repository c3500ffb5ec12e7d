import { readdirSync, readFileSync } from 'node:fs';

/** CPU time in ns of every thread of a process tree, by `pid/tid`. */
export type CpuReading = ReadonlyMap<string, number>;

/**
 * Reads the scheduler's own count (first field of `/proc/PID/task/TID/schedstat`, ns) of each thread of a process
 * and of all its descendants. `/proc/PID/stat` would round to 10 ms.
 */
export function readCpu(rootPid: number): CpuReading {
  const reading = new Map<string, number>();
  for (const pid of processTree(rootPid)) {
    for (const tid of list(`/proc/${pid}/task`)) {
      reading.set(`${pid}/${tid}`, Number(read(`/proc/${pid}/task/${tid}/schedstat`).split(' ', 1)[0]));
    }
  }
  return reading;
}

/** CPU µs used from one reading to the next. A thread that ended in between counts as far as the first reading only. */
export function cpuUsBetween(before: CpuReading, after: CpuReading): number {
  let usedNs = 0;
  for (const [thread, ns] of after) usedNs += ns - (before.get(thread) ?? 0);
  return usedNs / 1000;
}

/** Resident memory of a process and all its descendants, in kB. */
export function readResidentKb(rootPid: number): number {
  let kb = 0;
  for (const pid of processTree(rootPid)) kb += Number(/^VmRSS:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return kb;
}

function processTree(rootPid: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of list('/proc').map(Number).filter(Number.isInteger)) {
    // The command name, in parentheses, may hold anything; the parent's id is the second field after it.
    const parent = Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** The file's text; empty when its process has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
