import type { ChatFact } from '../chat-facts.ts';

const CAPACITY = 1_000;

/** The threads in which something happened last, of all resources, as far as this process has seen. */
export class RecentThreads {
  /** Resource by thread, the most recent last. */
  readonly #resources = new Map<string, string>();

  hear({ kind, resourceId, threadId }: ChatFact): void {
    if (kind === 'typing' || kind === 'messageRead') return;
    this.#resources.delete(threadId);
    if (kind === 'threadDeleted') return;
    this.#resources.set(threadId, resourceId);
    if (this.#resources.size <= CAPACITY) return;
    const oldest = this.#resources.keys().next();
    if (oldest.done !== true) this.#resources.delete(oldest.value);
  }

  /** Ids of threads of a resource, the most recent first. */
  of(resourceId: string): string[] {
    return [...this.#resources].flatMap(([threadId, resource]) => (resource === resourceId ? [threadId] : [])).reverse();
  }

  clear(): void {
    this.#resources.clear();
  }
}
