import { CHAT_API_VERSION, threadPath } from '../../lib/chat-rest.ts';
import type { ChatUser } from '../../lib/chat-user.ts';
import type { History } from './history.ts';

export interface StormOptions {
  readonly endpoint: string;
  readonly history: History;
  readonly senders: readonly ChatUser[];
  readonly threadIds: readonly string[];
  /** Sends in flight of each sender. */
  readonly inFlight?: number;
  /** Further characters of each message. */
  readonly padding?: number;
  /** Sends after which the storm ends by itself. */
  readonly maxSends?: number;
}

export interface Refusal {
  readonly status: number;
  readonly code: string | null;
  readonly retryAfter: string | null;
}

interface Answer {
  readonly id?: string;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly until: () => boolean;
  readonly resolve: () => void;
}

const ANSWER_TIMEOUT_MS = 20_000;

/** Many users sending at once, every step of which goes into a history. A sender whose connection breaks gives up. */
export class Storm {
  /** Answers other than 201. */
  readonly refusals: Refusal[] = [];
  #acknowledged = 0;
  readonly #options: StormOptions;
  readonly #ended: Promise<unknown>;
  #isStopping = false;
  #isOver = false;
  #sends = 0;
  #waiting: Waiting[] = [];

  constructor(options: StormOptions) {
    this.#options = options;
    const { senders, inFlight = 4 } = options;
    const workers = senders.flatMap((sender) => Array.from({ length: inFlight }, (_, i) => this.#work(sender, i)));
    this.#ended = Promise.all(workers).finally(() => {
      this.#isOver = true;
      this.#notify();
    });
  }

  /** Resolves when this many more sends were acknowledged. @throws Error when the storm is over before */
  async acknowledged(count: number): Promise<void> {
    const goal = this.#acknowledged + count;
    await this.#until(() => this.#acknowledged >= goal);
    if (this.#acknowledged < goal) throw new Error(`the storm ended; ${goal - this.#acknowledged} acknowledgements are missing`);
  }

  /** Resolves when this many sends were refused. @throws Error when the storm is over before */
  async refused(count: number): Promise<void> {
    await this.#until(() => this.refusals.length >= count);
    if (this.refusals.length < count)
      throw new Error(`the storm ended after ${this.#sends} sends, ${this.refusals.length} of them refused`);
  }

  /** Begins no more sends; resolves when those in flight have ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#ended;
  }

  /** Resolves when every sender has given up, or sent all. */
  async over(): Promise<void> {
    await this.#ended;
  }

  #until(until: () => boolean): Promise<void> {
    if (this.#isOver || until()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until, resolve }));
  }

  #notify(): void {
    const done = this.#waiting.filter(({ until }) => this.#isOver || until());
    this.#waiting = this.#waiting.filter((waiting) => !done.includes(waiting));
    for (const { resolve } of done) resolve();
  }

  async #work(sender: ChatUser, start: number): Promise<void> {
    const { threadIds, maxSends = Infinity } = this.#options;
    for (let i = start; !this.#isStopping && this.#sends < maxSends; i += 1) {
      this.#sends += 1;
      const isAnswered = await this.#send(sender, threadIds[i % threadIds.length]!);
      this.#notify();
      if (!isAnswered) return;
    }
  }

  /** @returns false when no answer came */
  async #send(sender: ChatUser, threadId: string): Promise<boolean> {
    const { endpoint, history, padding = 0 } = this.#options;
    const body = history.invoke({ sender: sender.id, threadId, padding });
    try {
      const response = await sendText(endpoint, { sender, threadId, text: body });
      const answer = (await response.json()) as Answer;
      if (response.status === 201 && answer.id !== undefined) {
        history.ok(body, answer.id);
        this.#acknowledged += 1;
      } else {
        if (saysNotKept(response, answer)) history.fail(body);
        const { status, headers } = response;
        this.refusals.push({ status, code: headers.get('x-ms-error-code'), retryAfter: headers.get('retry-after') });
      }
      return true;
    } catch {
      return false;
    }
  }
}

/** A server that failed may not know what became of a request; then it must not say that it does. */
function saysNotKept({ status }: Response, { error }: Answer): boolean {
  return status < 500 || error?.message.includes('Nothing of this request was kept') === true;
}

/** Sends one message and leaves the answer, whatever it is, to the caller. */
function sendText(
  endpoint: string,
  { sender, threadId, text }: { readonly sender: ChatUser; readonly threadId: string; readonly text: string },
): Promise<Response> {
  return fetch(new URL(`${threadPath(threadId)}/messages?api-version=${CHAT_API_VERSION}`, endpoint), {
    method: 'POST',
    headers: { authorization: `Bearer ${sender.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: text }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
}
