import type { Events } from '../../events/index.ts';
import { textOfUser, type UserKey } from '../../http/index.ts';
import type { Alarm, Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { Storage } from '../../storage/index.ts';
import { connectedUserStore } from '../store/connected-user-store.ts';
import { wireIdentifier } from '../wire.ts';

export interface DisconnectionsOptions {
  readonly storage: Storage;
  readonly events: Pick<Events, 'isWanted' | 'publish' | 'publishAlone'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly isConnected: (user: UserKey) => boolean;
  readonly connected: () => Iterable<UserKey>;
}

const TYPE = 'Microsoft.Communication.UserDisconnected';
/** Who is back by then was never gone: clients wait up to 50 s before they connect again (wire/chat.md 6.2). */
const GRACE_MS = 60_000;
const NOTE_EVERY_MS = 5_000;
const NOTED_AT_ONCE = 500;

/**
 * Tells that users are gone (`UserDisconnected`): a minute after the last live connection of one ended, unless there is
 * another. Where somebody has subscribed to that, users who are connected are noted in the database, so that the end of
 * the server does not hide who never came back, and is itself no reason to call anybody gone.
 */
export class Disconnections {
  readonly #options: DisconnectionsOptions;
  /** Those who have left, until their minute is over. */
  readonly #leaving = new Map<string, { readonly user: UserKey; readonly alarm: Alarm }>();
  /** What the database holds: user ids by resource. */
  readonly #noted = new Map<string, Set<string>>();
  readonly #noting: Timer;
  #isNoting = false;
  #isClosed = false;

  constructor(options: DisconnectionsOptions) {
    this.#options = options;
    this.#noting = options.timers.every(NOTE_EVERY_MS, () => void this.#noteAll());
  }

  /** Begins with those who were connected when the server ended, or when what is stored was saved; forgets everybody else. */
  async begin(): Promise<void> {
    for (const { alarm } of this.#leaving.values()) alarm.cancel();
    this.#leaving.clear();
    this.#noted.clear();
    for (const user of await connectedUserStore.all(this.#options.storage.read)) {
      this.#notedOf(user.resourceId).add(user.id);
      this.left(user);
    }
  }

  /** The last live connection of a user ended. */
  left(user: UserKey): void {
    if (this.#isClosed) return;
    this.cameBack(user);
    const { clock } = this.#options;
    const alarm = clock.alarm(clock.now() + GRACE_MS, () => this.#tell(user));
    this.#leaving.set(textOfUser(user), { user, alarm });
  }

  /** A user has a live connection. */
  cameBack(user: UserKey): void {
    const key = textOfUser(user);
    this.#leaving.get(key)?.alarm.cancel();
    this.#leaving.delete(key);
  }

  /** From now on connections end because the server does: that tells nothing of their users. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#noting.cancel();
    await this.#noteAll();
    for (const { alarm } of this.#leaving.values()) alarm.cancel();
  }

  async #tell(user: UserKey): Promise<void> {
    const { storage, events, clock, log } = this.#options;
    this.#leaving.delete(textOfUser(user));
    if (this.#options.isConnected(user)) return;
    const atMs = clock.now();
    const data = { userCommunicationIdentifier: wireIdentifier(user.id) };
    const event = { subject: `user/${user.id}`, data, atMs };
    const publication = { sourceId: user.resourceId, type: TYPE, make: () => [event] };
    const noted = this.#notedOf(user.resourceId);
    try {
      if (!noted.has(user.id) && !this.#isWanted(user)) {
        await events.publishAlone(publication);
        return;
      }
      await storage.forResource(user.resourceId).write(async (tx) => {
        await connectedUserStore.remove(tx, user);
        await events.publish(tx, publication);
      });
      noted.delete(user.id);
    } catch (error) {
      log.warn({ err: error }, 'that a user is gone could not be stored; it is tried again');
      this.left(user);
    }
  }

  /** Notes who is connected, or on leave, where somebody wants to be told. */
  async #noteAll(): Promise<void> {
    if (this.#isNoting) return;
    this.#isNoting = true;
    try {
      const here = [...this.#options.connected(), ...Array.from(this.#leaving.values(), ({ user }) => user)];
      const fresh = here.filter((user) => !this.#notedOf(user.resourceId).has(user.id) && this.#isWanted(user));
      for (let i = 0; i < fresh.length; i += NOTED_AT_ONCE) await this.#note(fresh.slice(i, i + NOTED_AT_ONCE));
    } catch (error) {
      this.#options.log.warn({ err: error }, 'who is connected could not be stored; it is tried again');
    } finally {
      this.#isNoting = false;
    }
  }

  async #note(users: readonly UserKey[]): Promise<void> {
    await this.#options.storage.write(async (tx) => {
      for (const user of users) await connectedUserStore.add(tx, user);
    });
    for (const { resourceId, id } of users) this.#notedOf(resourceId).add(id);
  }

  #isWanted({ resourceId }: UserKey): boolean {
    return this.#options.events.isWanted(resourceId, TYPE);
  }

  #notedOf(resourceId: string): Set<string> {
    let ids = this.#noted.get(resourceId);
    if (ids === undefined) this.#noted.set(resourceId, (ids = new Set()));
    return ids;
  }
}
