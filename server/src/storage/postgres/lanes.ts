/**
 * Runs work of one lane one after the other. Connections answer in any order, so two transactions that PostgreSQL
 * committed in one order could otherwise be announced in the other; and those that wait for the same row would hold all
 * connections of the pool.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>();

  run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(lane);
    const mine = before === undefined ? work() : before.then(work);
    const done = mine.then(nothing, nothing);
    this.#last.set(lane, done);
    void done.then(() => {
      if (this.#last.get(lane) === done) this.#last.delete(lane);
    });
    return mine;
  }
}

function nothing(): void {
  // Whether it failed is its caller's business.
}
