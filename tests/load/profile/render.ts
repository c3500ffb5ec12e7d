import type { ProfileSummary, Share } from './cpu-profile.ts';
import type { ProcessUse } from './threads.ts';

const shownFunctions = 40;
/** Smaller areas are summed up in one line. */
const leastShare = 0.004;

export interface Measured {
  readonly title: string;
  readonly sends: number;
  readonly use: ProcessUse;
  readonly summary: ProfileSummary;
}

/** The profile as text for people: CPU µs per send by thread, by area, by function. Without a final newline. */
export function renderProfile({ title, sends, use, summary }: Measured): string {
  const total = [...use.cpuUs.values()].reduce((sum, us) => sum + us, 0);
  const mainUs = (use.cpuUs.get('main thread') ?? 0) / sends;
  const threads = [...use.cpuUs].map(([name, us]) => ({ name, share: us / total })).sort((a, b) => b.share - a.share);
  return [
    `${title}: ${sends} sends, ${(total / sends).toFixed(1)} us CPU a send`,
    `a send: ${(use.reads / sends).toFixed(2)} reads, ${(use.writes / sends).toFixed(2)} writes; main thread ${percent(summary.busy)} busy`,
    ...table('us/send      %  thread', threads, total / sends),
    ...table('us/send      %  area, self time of the main thread', withoutCrumbs(summary.areas), mainUs),
    ...table('us/send      %  function, self time', summary.functions.slice(0, shownFunctions), mainUs),
  ].join('\n');
}

/** What `process.memoryUsage()` returns, in bytes, right after a garbage collection. */
export interface Memory {
  readonly rss: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
}

export interface Weighed {
  readonly title: string;
  readonly sockets: number;
  readonly before: Memory;
  readonly after: Memory;
  readonly summary: ProfileSummary;
}

/** What a socket keeps in memory, as text for people: in total, and of the JavaScript heap by who allocated it. */
export function renderMemory({ title, sockets, before, after, summary }: Weighed): string {
  const kb = (part: keyof Memory): string => ((after[part] - before[part]) / sockets / 1024).toFixed(2);
  const heapBytes = (after.heapUsed - before.heapUsed) / sockets;
  return [
    `${title}: ${kb('rss')} kB resident a socket; heap ${kb('heapUsed')} used, ${kb('heapTotal')} reserved, ${kb('external')} external`,
    ...table('B/socket      %  area that allocated it', withoutCrumbs(summary.areas), heapBytes),
    ...table('B/socket      %  function that allocated it', summary.functions.slice(0, shownFunctions), heapBytes),
  ].join('\n');
}

function withoutCrumbs(areas: readonly Share[]): Share[] {
  const shown = areas.filter(({ share }) => share >= leastShare);
  return [...shown, { name: 'smaller areas', share: 1 - shown.reduce((sum, { share }) => sum + share, 0) }];
}

function table(heading: string, rows: readonly Share[], whole: number): string[] {
  return ['', heading, ...rows.map((row) => line(row, whole))];
}

function line({ name, share }: Share, whole: number): string {
  return `${(share * whole).toFixed(2).padStart(7)} ${(share * 100).toFixed(1).padStart(6)}  ${name}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
