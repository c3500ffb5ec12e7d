import type { Cores } from './cores.ts';

/** What a bench is told. Each uses what concerns it. */
export interface BenchOptions {
  readonly cores: Cores;
  readonly rounds: number;
  /** How long each measured stretch of a round lasts. */
  readonly seconds: number;
  /** Limits the chat bench to this shape. */
  readonly shape: string | undefined;
  /** Size of the big thread of the page bench. */
  readonly messages: number;
  /** Sockets weighed by the chat bench. */
  readonly idleSockets: number;
  /** Tells the person who waits what is going on. */
  readonly progress: (text: string) => void;
}
