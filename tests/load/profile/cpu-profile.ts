import { areaOf, type CallFrame } from './areas.ts';

/** What `Profiler.stop` returns, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    /** Samples that found this frame on top. */
    readonly hitCount: number;
    readonly children?: readonly number[];
  }[];
}

/** A part of the busy time, 0 to 1. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

export interface ProfileSummary {
  /** Part of the samples in which the main thread was busy. */
  readonly busy: number;
  /** Self time by area, largest first; the shares add up to 1. */
  readonly areas: readonly Share[];
  /** Self time by function, largest first. */
  readonly functions: readonly Share[];
}

/** Sums the samples of a profile by area and by function. Idle samples count only in `busy`. */
export function summarise({ nodes }: CpuProfile): ProfileSummary {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const areas = new Map<string, number>();
  const functions = new Map<string, number>();
  let idle = 0;
  let busy = 0;
  for (const { id, callFrame, hitCount } of nodes) {
    if (hitCount === 0) continue;
    if (callFrame.functionName === '(idle)') {
      idle += hitCount;
      continue;
    }
    busy += hitCount;
    const caller = callFrame.url === '' ? nearestWithUrl(id) : undefined;
    add(areas, areaOf(callFrame, caller), hitCount);
    add(functions, nameOf(callFrame, caller), hitCount);
  }
  return { busy: busy / (busy + idle), areas: shares(areas, busy), functions: shares(functions, busy) };

  function nearestWithUrl(id: number): CallFrame | undefined {
    let node = parents.get(id);
    while (node?.callFrame.url === '') node = parents.get(node.id);
    return node?.callFrame;
  }
}

/** `send  server/src/chat/live/connection.ts:12`; a native function is named with its caller. */
function nameOf(frame: CallFrame, caller: CallFrame | undefined): string {
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
  if (frame.url !== '') return `${name}  ${placeOf(frame)}`;
  return caller === undefined ? name : `${name}  native, from ${caller.functionName} ${placeOf(caller)}`;
}

function placeOf({ url, lineNumber }: CallFrame): string {
  const path = url.replace(/^.*\/node_modules\//, '').replace(/^file:.*\/((?:server|contract|cli)\/)/, '$1');
  return `${path}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, key: string, count: number): void {
  sums.set(key, (sums.get(key) ?? 0) + count);
}

function shares(sums: ReadonlyMap<string, number>, total: number): Share[] {
  return [...sums].map(([name, count]) => ({ name, share: count / total })).sort((a, b) => b.share - a.share);
}
