/** `unknown`: the answer never came, so it may or may not have had its effect. */
export type Outcome = 'unknown' | 'ok' | 'fail';

/** What a deed is about, beside the one who does it and the thread. */
export type DeedKind =
  | { readonly kind: 'edit'; readonly messageId: string; readonly body: string }
  | { readonly kind: 'delete'; readonly messageId: string }
  | { readonly kind: 'receipt'; readonly messageId: string }
  | { readonly kind: 'add'; readonly user: string }
  | { readonly kind: 'remove'; readonly user: string };

/** One attempt to change something. Times count the events of a history, as those of sends. */
export type Deed = DeedKind & {
  readonly by: string;
  readonly threadId: string;
  readonly invokedAt: number;
  readonly outcome: Outcome;
  /** Infinite while the outcome is unknown. */
  readonly endedAt: number;
};

export type DeedOf<K extends Deed['kind']> = Extract<Deed, { kind: K }>;

/** Names a deed that has begun. */
export type DeedId = number;

/** Everything that was done beside sending: edits, deletions, changes of membership, read receipts. */
export class Deeds {
  readonly #now: () => number;
  readonly #all: Deed[] = [];
  readonly #edits = new Map<string, DeedId>();

  /** @param now gives the next moment of the history */
  constructor(now: () => number) {
    this.#now = now;
  }

  begin(deed: DeedKind & { readonly by: string; readonly threadId: string }): DeedId {
    const id = this.#all.push({ ...deed, invokedAt: this.#now(), outcome: 'unknown', endedAt: Infinity }) - 1;
    if (deed.kind === 'edit') this.#edits.set(deed.body, id);
    return id;
  }

  end(id: DeedId, outcome: Exclude<Outcome, 'unknown'>): void {
    const deed = this.#all[id];
    if (deed === undefined) throw new Error('an answer to a deed that was never begun');
    this.#all[id] = { ...deed, outcome, endedAt: this.#now() };
  }

  /** Those of one kind that may have had an effect. */
  effective<K extends Deed['kind']>(kind: K): DeedOf<K>[] {
    return this.#all.filter((deed): deed is DeedOf<K> => deed.kind === kind && deed.outcome !== 'fail');
  }

  count(outcome: Outcome): number {
    return this.#all.filter((deed) => deed.outcome === outcome).length;
  }

  /** The edit that wrote this body. */
  edit(body: string): DeedOf<'edit'> | undefined {
    const deed = this.#all[this.#edits.get(body) ?? -1];
    return deed?.kind === 'edit' ? deed : undefined;
  }

  get all(): readonly Deed[] {
    return this.#all;
  }
}

/** Who is certainly in a thread, or certainly not, over a span of a history. What overlaps the span leaves it open. */
export class Membership {
  readonly #initial: ReadonlyMap<string, readonly string[]>;
  readonly #adds: readonly DeedOf<'add'>[];
  readonly #removes: readonly DeedOf<'remove'>[];

  /** @param initial thread → its members before any deed */
  constructor(initial: ReadonlyMap<string, readonly string[]>, deeds: Deeds) {
    this.#initial = initial;
    this.#adds = deeds.effective('add');
    this.#removes = deeds.effective('remove');
  }

  isOut({ user, threadId, from, to }: Span): boolean {
    const mine = isAbout(user, threadId);
    const adds = this.#adds.filter((add) => mine(add) && add.invokedAt < to);
    if (adds.length === 0 && !this.#isInitial(user, threadId)) return true;
    const removes = this.#removes.filter((remove) => mine(remove) && remove.outcome === 'ok' && remove.endedAt < from);
    return removes.some((remove) => adds.every((add) => add.endedAt < remove.invokedAt));
  }

  isIn({ user, threadId, from, to }: Span): boolean {
    const mine = isAbout(user, threadId);
    const removes = this.#removes.filter((remove) => mine(remove) && remove.invokedAt < to);
    if (removes.length === 0 && this.#isInitial(user, threadId)) return true;
    const adds = this.#adds.filter((add) => mine(add) && add.outcome === 'ok' && add.endedAt < from);
    return adds.some((add) => removes.every((remove) => remove.endedAt < add.invokedAt));
  }

  #isInitial(user: string, threadId: string): boolean {
    return this.#initial.get(threadId)?.includes(user) === true;
  }
}

/** A user in a thread between two moments. */
export interface Span {
  readonly user: string;
  readonly threadId: string;
  readonly from: number;
  readonly to: number;
}

function isAbout(user: string, threadId: string): (deed: DeedOf<'add' | 'remove'>) => boolean {
  return (deed) => deed.user === user && deed.threadId === threadId;
}
