import type { Failure } from '../failure.ts';

export type Who = 'alice' | 'bob';

export type LogItem =
  | { readonly kind: 'event' | 'call'; readonly who: Who; readonly name: string; readonly payload?: unknown }
  | { readonly kind: 'failure'; readonly who: Who; readonly name: string; readonly payload: Failure };

export type LogEntry = LogItem & { readonly id: number; readonly at: Date };

/** Enough to follow a conversation; older entries go first. */
export const logLimit = 200;

/** Newest first. */
export function appendLog(log: readonly LogEntry[], item: LogItem, at: Date): readonly LogEntry[] {
  const entry = { ...item, id: (log[0]?.id ?? 0) + 1, at };
  return [entry, ...log.slice(0, logLimit - 1)];
}
