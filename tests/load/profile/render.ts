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
    ...table('thread', threads, total / sends),
    ...table('area, self time of the main thread', withoutCrumbs(summary.areas), mainUs),
    ...table('function, self time', summary.functions.slice(0, shownFunctions), mainUs),
  ].join('\n');
}

function withoutCrumbs(areas: readonly Share[]): Share[] {
  const shown = areas.filter(({ share }) => share >= leastShare);
  return [...shown, { name: 'smaller areas', share: 1 - shown.reduce((sum, { share }) => sum + share, 0) }];
}

function table(heading: string, rows: readonly Share[], wholeUs: number): string[] {
  return ['', `us/send      %  ${heading}`, ...rows.map((row) => line(row, wholeUs))];
}

function line({ name, share }: Share, wholeUs: number): string {
  return `${(share * wholeUs).toFixed(2).padStart(7)} ${(share * 100).toFixed(1).padStart(6)}  ${name}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
