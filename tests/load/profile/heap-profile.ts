import type { CallFrame } from './areas.ts';
import type { CpuProfile } from './cpu-profile.ts';

/** A frame of the sampling heap profiler with what it allocated and is still alive. */
export interface HeapNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** The tree in the form of a CPU profile, with bytes in the place of samples. */
export function flatten(head: HeapNode): CpuProfile['nodes'] {
  const nodes = [head];
  for (const node of nodes) nodes.push(...node.children);
  return nodes.map(({ id, callFrame, selfSize, children }) => ({
    id,
    callFrame,
    hitCount: selfSize,
    children: children.map((child) => child.id),
  }));
}
