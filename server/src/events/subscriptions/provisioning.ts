import { type Subscription, type SubscriptionDefinition, wantedOf } from './subscription.ts';

/**
 * The states of a subscription on its way to delivering, as pure steps (wire/event-grid.md 1 "Long-running behaviour"):
 *
 *     Creating, Updating ──► Succeeded
 *            │        └────► Failed
 *            └► AwaitingManualAction ──► Succeeded or Failed
 */

type Identity = Pick<Subscription, 'id' | 'sourceId' | 'name' | 'createdAtMs'>;

/** What a call asks for. */
export interface Wanted {
  readonly identity: Identity;
  /** What it changes or replaces. */
  readonly current: Subscription | undefined;
  readonly definition: SubscriptionDefinition;
  /** Whether the endpoint is to be asked. */
  readonly asks: boolean;
}

/** How long a validation URL may be opened (wire/event-grid.md 4). */
const MANUAL_MS = 10 * 60_000;

/** Wanted, and not agreed to yet. What is live goes on as it was. */
export function begun({ identity, current, definition }: Wanted): Subscription {
  if (current?.isLive === true) return { ...without(current, 'reason', 'manual'), state: 'Updating', pending: definition };
  return { ...identityOf(identity), ...definition, isLive: false, state: current === undefined ? 'Creating' : 'Updating' };
}

/** Wanted, and nobody need agree. */
export function settled(wanted: Wanted): Subscription {
  const { current, definition } = wanted;
  return agreed(begun(wanted), current?.destination === definition.destination ? current.ratePerMinute : undefined);
}

/** The endpoint agreed. */
export function agreed(pending: Subscription, ratePerMinute?: number): Subscription {
  const definition = without(wantedOf(pending) as Subscription, 'pending', 'reason', 'manual', 'ratePerMinute');
  const rate = ratePerMinute === undefined ? {} : { ratePerMinute };
  return { ...definition, ...identityOf(pending), isLive: true, state: 'Succeeded', ...rate };
}

/** The endpoint may still agree, by its validation URL. */
export function awaiting(
  pending: Subscription,
  { reason, key, nowMs }: { readonly reason: string; readonly key: string; readonly nowMs: number },
): Subscription {
  return { ...pending, state: 'AwaitingManualAction', reason, manual: { key, untilMs: nowMs + MANUAL_MS } };
}

/** The endpoint did not agree: what was live before goes on. */
export function refused(pending: Subscription, reason: string): Subscription {
  return { ...without(pending, 'pending', 'manual'), state: 'Failed', reason };
}

function identityOf({ id, sourceId, name, createdAtMs }: Identity): Identity {
  return { id, sourceId, name, createdAtMs };
}

function without<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}
