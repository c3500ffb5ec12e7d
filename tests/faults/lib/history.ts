import { Deeds, type Outcome } from './deeds.ts';

/** One attempt to send one message. Times count the events of a history, not seconds. */
export interface Send {
  readonly sender: string;
  readonly threadId: string;
  readonly body: string;
  readonly invokedAt: number;
  readonly outcome: Outcome;
  /** When the answer came; infinite while the outcome is unknown. */
  readonly endedAt: number;
  /** The id it was answered with. */
  readonly id: string | undefined;
}

/** From `at` on a user may neither send to these threads nor hear of anything sent there later. */
export interface EndOfAccess {
  readonly user: string;
  readonly threadIds: readonly string[];
  /** When the end was asked for: nothing that was not over by then is owed to the user. */
  readonly begunAt: number;
  readonly at: number;
}

/** Characters that escaping, encryption, framing or collation could damage. */
const FILLER = 'é€😀"\\%25<b>\u2028 ';

/** What clients did and were told, in the one order in which this process saw it. */
export class History {
  /** Everything that was done beside sending. */
  readonly deeds = new Deeds(() => this.now());
  readonly #sends = new Map<string, Send>();
  readonly #ends: EndOfAccess[] = [];
  readonly #counts = new Map<string, number>();
  #now = 0;

  get sends(): readonly Send[] {
    return [...this.#sends.values()];
  }

  get ends(): readonly EndOfAccess[] {
    return this.#ends;
  }

  count(outcome: Outcome): number {
    return this.sends.filter((send) => send.outcome === outcome).length;
  }

  find(body: string): Send | undefined {
    return this.#sends.get(body);
  }

  /** The send that was answered with this id. */
  sendOf(threadId: string, id: string): Send | undefined {
    return this.sends.find((send) => send.threadId === threadId && send.id === id);
  }

  /** Whether somebody may have edited or deleted this message. */
  isTouched(threadId: string, id: string | undefined): boolean {
    return this.deeds.all.some(
      (deed) =>
        (deed.kind === 'edit' || deed.kind === 'delete') && deed.outcome !== 'fail' && deed.threadId === threadId && deed.messageId === id,
    );
  }

  /** A moment later than everything recorded so far. */
  now(): number {
    this.#now += 1;
    return this.#now;
  }

  /**
   * Records that a send begins.
   *
   * @param padding further characters, for large messages
   * @returns the body to send: no other send has the same
   */
  invoke({ sender, threadId, padding = 0 }: { readonly sender: string; readonly threadId: string; readonly padding?: number }): string {
    const body = `${this.newBody(sender)}${'x'.repeat(padding)}`;
    this.#sends.set(body, { sender, threadId, body, invokedAt: this.now(), outcome: 'unknown', endedAt: Infinity, id: undefined });
    return body;
  }

  /** A body for an edit: no send and no other edit has the same. */
  newBody(sender: string): string {
    const n = (this.#counts.get(sender) ?? 0) + 1;
    this.#counts.set(sender, n);
    return `${sender} ${n} ${FILLER}`;
  }

  ok(body: string, id: string): void {
    this.#end(body, { outcome: 'ok', id });
  }

  /** The server said that it did not take the message. */
  fail(body: string): void {
    this.#end(body, { outcome: 'fail', id: undefined });
  }

  /** Records that a user's access has ended by now. */
  endAccess(end: Omit<EndOfAccess, 'at'>): void {
    this.#ends.push({ ...end, at: this.now() });
  }

  #end(body: string, end: Pick<Send, 'outcome' | 'id'>): void {
    const send = this.#sends.get(body);
    if (send === undefined) throw new Error('an answer to a send that was never begun');
    this.#sends.set(body, { ...send, ...end, endedAt: this.now() });
  }
}
