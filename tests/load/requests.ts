import type { HttpAnswer, HttpClient } from './clients/http-client.ts';
import { cpuUsBetween, readCpu } from './cpu.ts';
import type { BenchOptions } from './options.ts';

const inFlight = 16;
const warmUpTurns = 2;
const requestsPerStretch = 3000;

/** Requests of one kind, measured a stretch at a time. */
export interface RequestKind {
  /** The status of a good answer; any other fails the bench. */
  readonly status: number;
  /** Gets ready for a stretch. @returns a function that makes the bytes of each next request */
  readonly prepare: () => Promise<() => string>;
}

/**
 * Server CPU µs per request of several kinds, one value a round. All kinds are warmed up before the first is measured,
 * or the first would pay for the code they share.
 */
export async function cpuUsPerRequest<Kind extends string>(
  { http, pid, kinds }: { readonly http: HttpClient; readonly pid: number; readonly kinds: Readonly<Record<Kind, RequestKind>> },
  { rounds, progress }: Pick<BenchOptions, 'rounds' | 'progress'>,
): Promise<Record<Kind, number>[]> {
  const entries = Object.entries(kinds) as [Kind, RequestKind][];
  const samples: Record<Kind, number>[] = [];
  for (let turn = 1 - warmUpTurns; turn <= rounds; turn += 1) {
    progress(turn < 1 ? 'warming up' : `round ${turn} of ${rounds}`);
    const sample: Partial<Record<Kind, number>> = {};
    for (const [name, { status, prepare }] of entries) {
      const next = await prepare();
      const before = readCpu(pid);
      await repeat(() => http.exchange(next()), status);
      sample[name] = cpuUsBetween(before, readCpu(pid)) / requestsPerStretch;
    }
    // Every kind has just been filled in.
    if (turn >= 1) samples.push(sample as Record<Kind, number>);
  }
  return samples;
}

async function repeat(send: () => Promise<HttpAnswer>, expected: number): Promise<void> {
  let sent = 0;
  async function worker(): Promise<void> {
    while (sent < requestsPerStretch) {
      sent += 1;
      const { status, body } = await send();
      if (status !== expected) throw new Error(`a request was answered ${status}: ${body}`);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker));
}
