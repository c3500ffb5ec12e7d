/** Calls that can be given up together. A set of functions, because signals of the platform cost a tenth of a call. */
export class CallGroup {
  readonly #underWay = new Set<() => void>();
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  add(giveUp: () => void): void {
    this.#underWay.add(giveUp);
  }

  delete(giveUp: () => void): void {
    this.#underWay.delete(giveUp);
  }

  /** Gives up what is under way, and whatever would begin later. */
  end(): void {
    this.#isOver = true;
    for (const giveUp of this.#underWay) giveUp();
  }
}
