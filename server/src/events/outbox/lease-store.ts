import { pick, statement, type Transaction } from '../../storage/index.ts';
import type { EventTables } from '../migrations.ts';

const sql = statement<EventTables>();
type Row = EventTables['event_leases'];

const take = sql((db, p: Row & { now: number }) =>
  db
    .insertInto('event_leases')
    .values(pick(p, 'subscription_id', 'holder', 'expires_at'))
    .onConflict((c) =>
      c
        .column('subscription_id')
        .doUpdateSet({ holder: p.holder, expires_at: p.expires_at })
        .where((eb) => eb.or([eb('event_leases.holder', '=', p.holder), eb('event_leases.expires_at', '<=', p.now)])),
    ),
);
const renew = sql((db, p: { holder: string; expires_at: number; now: number }) =>
  db.updateTable('event_leases').set({ expires_at: p.expires_at }).where('holder', '=', p.holder).where('expires_at', '>', p.now),
);
const release = sql((db, p: { holder: string }) => db.deleteFrom('event_leases').where('holder', '=', p.holder));
const releaseOrphan = sql((db, p: { subscription_id: string }) =>
  db
    .deleteFrom('event_leases')
    .where('subscription_id', '=', p.subscription_id)
    .where((eb) => {
      const known = eb.selectFrom('event_subscriptions').select('event_subscriptions.id');
      return eb.not(eb.exists(known.where('event_subscriptions.id', '=', p.subscription_id)));
    }),
);
const releaseOthers = sql((db, p: { holder: string }) => db.deleteFrom('event_leases').where('holder', '<>', p.holder));

/** Who delivers for which subscription, until when. Times are real: no virtual clock moves an agreement between processes. */
export const leaseStore = {
  /** Takes a lease that is free, over, or held by the same. @returns whether it is held now */
  async take(
    tx: Transaction,
    lease: { readonly subscriptionId: string; readonly holder: string; readonly nowMs: number; readonly expiresAtMs: number },
  ): Promise<boolean> {
    const { subscriptionId, holder, nowMs, expiresAtMs } = lease;
    return (await tx.run(take, { subscription_id: subscriptionId, holder, expires_at: expiresAtMs, now: nowMs })) > 0;
  },

  /** Prolongs what is held and not over. @returns how many leases that are */
  async renew(
    tx: Transaction,
    { holder, nowMs, expiresAtMs }: { readonly holder: string; readonly nowMs: number; readonly expiresAtMs: number },
  ): Promise<number> {
    return tx.run(renew, { holder, now: nowMs, expires_at: expiresAtMs });
  },

  async release(tx: Transaction, holder: string): Promise<void> {
    await tx.run(release, { holder });
  },

  /** Removes the lease of a subscription that is no more, whoever holds it. Of one that is stored it stays. */
  async releaseOrphan(tx: Transaction, subscriptionId: string): Promise<void> {
    await tx.run(releaseOrphan, { subscription_id: subscriptionId });
  },

  async releaseOthers(tx: Transaction, holder: string): Promise<void> {
    await tx.run(releaseOthers, { holder });
  },
};
