import type { HttpAnswer, HttpClient } from './clients/http-client.ts';
import { cpuUsBetween, readCpu } from './cpu.ts';
import type { BenchOptions } from './options.ts';

const inFlight = 16;
const warmUpSeconds = 1;
const warmUpTurns = 2;

/**
 * Server CPU µs per request of several kinds, one value a round. A request is given as its bytes; any answer but 200
 * fails. All kinds are warmed up before the first is measured, or the first would pay for the code they share.
 */
export async function cpuUsPerRequest<Kind extends string>(
  { http, pid, requests }: { readonly http: HttpClient; readonly pid: number; readonly requests: Readonly<Record<Kind, string>> },
  { rounds, seconds, progress }: BenchOptions,
): Promise<Record<Kind, number>[]> {
  const kinds = Object.keys(requests) as Kind[];
  for (let turn = 0; turn < warmUpTurns; turn += 1) {
    for (const kind of kinds) await repeat(() => http.exchange(requests[kind]), warmUpSeconds);
  }
  const samples: Record<Kind, number>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`);
    const sample: Partial<Record<Kind, number>> = {};
    for (const kind of kinds) {
      const before = readCpu(pid);
      const answered = await repeat(() => http.exchange(requests[kind]), seconds);
      sample[kind] = cpuUsBetween(before, readCpu(pid)) / answered;
    }
    // Every kind has just been filled in.
    samples.push(sample as Record<Kind, number>);
  }
  return samples;
}

/** Returns how many requests were answered. */
async function repeat(send: () => Promise<HttpAnswer>, seconds: number): Promise<number> {
  const endMs = performance.now() + seconds * 1000;
  let answered = 0;
  async function worker(): Promise<void> {
    while (performance.now() < endMs) {
      const { status, body } = await send();
      if (status !== 200) throw new Error(`a request was answered ${status}: ${body}`);
      answered += 1;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker));
  return answered;
}
