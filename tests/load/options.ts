import type { Cores } from './cores.ts';

/** What a bench is told. Each uses what concerns it. */
export interface BenchOptions {
  readonly cores: Cores;
  readonly rounds: number;
  /** How long each measured stretch of a round lasts. */
  readonly seconds: number;
  /** Limits the chat bench to shapes with this name, or with this first or last part of a name. */
  readonly shape: string | undefined;
  /** Limits the chat bench to these peers; empty means all. */
  readonly peers: readonly string[];
  /** Size of the big thread of the thread bench. */
  readonly messages: number;
  /** Sockets weighed by the chat bench. */
  readonly idleSockets: number;
  /** Sockets that the chat bench makes one process of ours hold. */
  readonly manySockets: number;
  /** Tells the person who waits what is going on. */
  readonly progress: (text: string) => void;
}

/** Whether the options ask for a shape: `dense`, `stock` and `stock-dense` all choose `stock-dense`. */
export function selects({ shape }: Pick<BenchOptions, 'shape'>, name: string): boolean {
  return shape === undefined || name === shape || name.startsWith(`${shape}-`) || name.endsWith(`-${shape}`);
}
