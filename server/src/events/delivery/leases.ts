import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { ResourceStorage } from '../../storage/index.ts';
import { leaseStore } from '../outbox/lease-store.ts';

export interface LeasesOptions {
  readonly storage: ResourceStorage;
  readonly timers: Timers;
  readonly log: Log;
  /** Real milliseconds since the epoch. */
  readonly realNow: () => number;
  /** Of this process, and of no other that ever was. */
  readonly holder: string;
}

/** How long leases last that nobody renews. */
export const LEASE_MS = 60_000;
export const RENEW_EVERY_MS = LEASE_MS / 3;

/**
 * The subscriptions that this process delivers for. Processes that share a database share the work: whoever finds some
 * first takes the lease, renews it while he lives, and gives it back when he closes.
 */
export class Leases {
  readonly #options: LeasesOptions;
  /** When each ends, by subscription. */
  readonly #held = new Map<string, number>();
  #renewal: Timer | undefined;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /** Frees what others hold: no other process works on the database. */
  async takeOver(): Promise<void> {
    const { storage, holder } = this.#options;
    await storage.write((tx) => leaseStore.releaseOthers(tx, holder));
  }

  holds(subscriptionId: string): boolean {
    const expiresAtMs = this.#held.get(subscriptionId);
    return expiresAtMs !== undefined && this.#options.realNow() < expiresAtMs;
  }

  /** Takes a lease if it is free. @returns whether it is held */
  async take(subscriptionId: string): Promise<boolean> {
    const { storage, holder, timers, realNow } = this.#options;
    const nowMs = realNow();
    const expiresAtMs = nowMs + LEASE_MS;
    const isTaken = await storage.write((tx) => leaseStore.take(tx, { subscriptionId, holder, nowMs, expiresAtMs }));
    if (isTaken) this.#held.set(subscriptionId, expiresAtMs);
    this.#renewal ??= timers.every(RENEW_EVERY_MS, () => void this.#renew());
    return isTaken;
  }

  /** Gives back the lease of a subscription that is no more. */
  async drop(subscriptionId: string): Promise<void> {
    this.#held.delete(subscriptionId);
    await this.#options.storage.write((tx) => leaseStore.releaseOrphan(tx, subscriptionId));
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    this.#renewal?.cancel();
    if (this.#held.size === 0) return;
    this.#held.clear();
    const { storage, holder, log } = this.#options;
    try {
      await storage.write((tx) => leaseStore.release(tx, holder));
    } catch (error) {
      log.warn({ err: error }, 'leases of event deliveries could not be given back; they end by themselves');
    }
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const { storage, holder, realNow, log } = this.#options;
    const nowMs = realNow();
    const expiresAtMs = nowMs + LEASE_MS;
    const held = [...this.#held.keys()];
    try {
      const renewed = await storage.write((tx) => leaseStore.renew(tx, { holder, nowMs, expiresAtMs }));
      // Fewer than we know of: some were over, and may be another's by now. Each is taken anew before it is used.
      if (renewed < held.length) this.#held.clear();
      else for (const id of held) this.#held.set(id, expiresAtMs);
    } catch (error) {
      log.warn({ err: error }, 'leases of event deliveries could not be renewed; that is tried again');
    }
  }
}
