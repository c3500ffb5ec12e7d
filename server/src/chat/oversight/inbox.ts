import { httpErrors } from '../../http/index.ts';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import { type Patience, Waiters } from '../../lib/waiters.ts';
import type { ChatContext } from '../chat-context.ts';
import type { ChatFact } from '../chat-facts.ts';
import { type Arrival, FoundMessages } from './found-messages.ts';
import type { FoundMessage, MessageQuery } from './message-query.ts';
import { MessageSearch } from './message-search.ts';
import { RecentThreads } from './recent-threads.ts';

export interface InboxOptions {
  readonly context: ChatContext;
  readonly timers: Timers;
  readonly log: Log;
}

/** Calls that may wait at once. */
const MOST_WAITING = 64;
/** System messages of one change, with some room. */
const SYSTEM_MESSAGES = 10;

/** Finds messages that are there, and waits for those to come: what tests assert with. */
export class Inbox {
  readonly #chat: ChatContext;
  readonly #log: Log;
  readonly #search: MessageSearch;
  readonly #recent = new RecentThreads();
  readonly #waiters: Waiters<Arrival>;
  /** Grows when everything stored is replaced. */
  #epoch = 0;

  constructor({ context, timers, log }: InboxOptions) {
    this.#chat = context;
    this.#log = log;
    this.#search = new MessageSearch(context, this.#recent);
    this.#waiters = new Waiters({ timers, capacity: MOST_WAITING });
  }

  /**
   * Answers as soon as `count` messages are found, stored ones or new ones, at the latest after `waitMs`; newest first.
   *
   * @throws ApiError 400 for a pattern that costs too much, 404 for an unknown thread, 503 when too many wait
   */
  async find(query: MessageQuery, wait: Patience): Promise<FoundMessage[]> {
    const found = new FoundMessages(query, wait.count);
    if (wait.waitMs === 0) {
      found.addAll(await this.#search.find(query));
      return found.newestFirst();
    }
    if (this.#waiters.isFull) throw httpErrors.tooManyWaiting(MOST_WAITING);
    const epoch = this.#epoch;
    const look = async (): Promise<boolean> => {
      found.addAll(await this.#search.find(query));
      return found.isComplete;
    };
    await this.#waiters.lookAndWait({ hear: (arrival) => found.hear(arrival), look }, wait);
    return epoch === this.#epoch ? found.newestFirst() : [];
  }

  /** Hears of every fact, see {@link ChatFactListener}. */
  hear(fact: ChatFact): void {
    this.#recent.hear(fact);
    if (this.#waiters.size === 0) return;
    switch (fact.kind) {
      case 'messageReceived':
      case 'messageEdited':
        this.#waiters.offer({ ...fact, message: fact.message });
        break;
      case 'threadCreated':
      case 'threadUpdated':
      case 'participantsAdded':
      case 'participantsRemoved':
        this.#offerSystemMessages(fact).catch((error: unknown) =>
          this.#log.warn({ err: error }, 'those who wait for system messages could not be told'),
        );
        break;
      default:
    }
  }

  /** What was found is not there any more. */
  forgetAll(): void {
    this.#epoch += 1;
    this.#recent.clear();
  }

  /** Ends every wait, for good: the server stops. */
  close(): void {
    this.#waiters.close();
  }

  /** The facts do not carry the system messages that tell them; those are the newest of the thread. */
  async #offerSystemMessages({ resourceId, threadId, recipients, atMs }: ChatFact & { readonly atMs: number }): Promise<void> {
    const { read } = this.#chat.storageOf(resourceId);
    const thread = await this.#chat.oversight.find(read, threadId);
    if (thread === undefined) return;
    const range = { fromId: atMs, belowId: Number.MAX_SAFE_INTEGER, limit: SYSTEM_MESSAGES };
    for (const message of await this.#chat.messages.page(read, thread, range))
      if (message.sender === undefined) this.#waiters.offer({ resourceId, threadId, recipients, message });
  }
}
