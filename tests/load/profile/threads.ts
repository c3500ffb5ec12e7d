import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used up so far. */
export interface ProcessUse {
  /** CPU µs by thread name. */
  readonly cpuUs: ReadonlyMap<string, number>;
  /** Calls of read and write and their kin, on files and sockets. */
  readonly reads: number;
  readonly writes: number;
}

/** Reads `/proc/PID/task/TID/{comm,schedstat}` and `/proc/PID/io`. */
export function readUse(pid: number): ProcessUse {
  const cpuUs = new Map<string, number>();
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const name = readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim();
    const ns = Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ', 1)[0]);
    // The main thread is named by whoever started it; its id is the process's.
    const key = tid === String(pid) ? 'main thread' : name;
    cpuUs.set(key, (cpuUs.get(key) ?? 0) + ns / 1000);
  }
  const io = readFileSync(`/proc/${pid}/io`, 'utf8');
  return { cpuUs, reads: Number(/^syscr: (\d+)/m.exec(io)?.[1]), writes: Number(/^syscw: (\d+)/m.exec(io)?.[1]) };
}

/** What was used from one reading to the next. */
export function useBetween(before: ProcessUse, after: ProcessUse): ProcessUse {
  const cpuUs = new Map([...after.cpuUs].map(([name, us]) => [name, us - (before.cpuUs.get(name) ?? 0)]));
  return { cpuUs, reads: after.reads - before.reads, writes: after.writes - before.writes };
}
