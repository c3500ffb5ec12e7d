import type { Message } from '../store/message-store.ts';
import { type FoundMessage, isSought, type MessageQuery } from './message-query.ts';

/** Messages that one call is answered. */
const MOST_FOUND = 200;

/** A message as it came in. */
export interface Arrival extends FoundMessage {
  readonly resourceId: string;
  readonly recipients: readonly string[];
}

/** What a call has found by now: each message once, in its latest version. */
export class FoundMessages {
  readonly #query: MessageQuery;
  readonly #count: number;
  readonly #messages = new Map<string, FoundMessage>();
  #failure: unknown;

  constructor(query: MessageQuery, count: number) {
    this.#query = query;
    this.#count = count;
  }

  get isComplete(): boolean {
    return this.#messages.size >= this.#count || this.#failure !== undefined;
  }

  addAll(found: readonly FoundMessage[]): void {
    for (const one of found.toSorted(byAge).slice(0, MOST_FOUND)) this.#add(one);
  }

  /** @returns whether the call can be answered */
  hear(arrival: Arrival): boolean {
    try {
      if (this.#concerns(arrival) && isSought(arrival.message, this.#query)) this.#add(arrival);
    } catch (error) {
      // Others hear of the same message: the failure is told to this caller alone.
      this.#failure = error;
    }
    return this.isComplete;
  }

  /** @throws whatever went wrong while listening */
  newestFirst(): FoundMessage[] {
    if (this.#failure !== undefined) throw this.#failure as Error;
    return [...this.#messages.values()].sort(byAge).slice(0, MOST_FOUND);
  }

  #concerns({ resourceId, threadId, recipients }: Arrival): boolean {
    const query = this.#query;
    if (resourceId !== query.resourceId || (query.threadId ?? threadId) !== threadId) return false;
    return query.recipient === undefined || recipients.includes(query.recipient);
  }

  #add({ threadId, message }: FoundMessage): void {
    const key = `${threadId} ${message.id}`;
    const known: Message | undefined = this.#messages.get(key)?.message;
    if (known === undefined || known.version < message.version) this.#messages.set(key, { threadId, message });
  }
}

/** Newest first. */
function byAge(a: FoundMessage, b: FoundMessage): number {
  return b.message.id - a.message.id || (a.threadId < b.threadId ? -1 : 1);
}
