import type { Alarm, Clock } from './clock.ts';

interface Group<T> {
  readonly items: Set<T>;
  readonly alarm: Alarm;
}

/** Calls back for each of many things when its time has come. Things of one time share an alarm: thousands often have it in common. */
export class Deadlines<T> {
  readonly #clock: Clock;
  readonly #onDue: (item: T) => void;
  readonly #groups = new Map<number, Group<T>>();

  constructor(clock: Clock, onDue: (item: T) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** @param atMs milliseconds since the epoch; a time that is over is due at once */
  add(item: T, atMs: number): void {
    let group = this.#groups.get(atMs);
    if (group === undefined) {
      group = { items: new Set(), alarm: this.#clock.alarm(atMs, () => this.#fire(atMs)) };
      this.#groups.set(atMs, group);
    }
    group.items.add(item);
  }

  /** Forgets an item; one that is not waiting for that time is ignored. */
  remove(item: T, atMs: number): void {
    const group = this.#groups.get(atMs);
    if (group === undefined || !group.items.delete(item) || group.items.size > 0) return;
    group.alarm.cancel();
    this.#groups.delete(atMs);
  }

  #fire(atMs: number): void {
    const group = this.#groups.get(atMs);
    this.#groups.delete(atMs);
    for (const item of group?.items ?? []) this.#onDue(item);
  }
}
