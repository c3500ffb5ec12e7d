import { textOfUser, type UserKey } from '../../http/index.ts';

/** Users remembered; those who left first are forgotten first. */
const CAPACITY = 10_000;

interface Departure {
  readonly user: UserKey;
  readonly atMs: number;
}

/** When users without a live connection lost their last one. Kept in memory only: a restart forgets it. */
export class Departures {
  /** In the order of leaving. */
  readonly #byUser = new Map<string, Departure>();

  left(user: UserKey, atMs: number): void {
    const key = textOfUser(user);
    this.#byUser.delete(key);
    this.#byUser.set(key, { user, atMs });
    if (this.#byUser.size <= CAPACITY) return;
    const oldest = this.#byUser.keys().next();
    if (oldest.done !== true) this.#byUser.delete(oldest.value);
  }

  forgetAll(): void {
    this.#byUser.clear();
  }

  cameBack(user: UserKey): void {
    this.#byUser.delete(textOfUser(user));
  }

  /** Milliseconds since the epoch; undefined for users who are connected, never were, or left too long ago. */
  of(user: UserKey): number | undefined {
    return this.#byUser.get(textOfUser(user))?.atMs;
  }

  /** Ids of those who left, of one resource. */
  ofResource(resourceId: string): string[] {
    return [...this.#byUser.values()].flatMap(({ user }) => (user.resourceId === resourceId ? [user.id] : []));
  }
}
