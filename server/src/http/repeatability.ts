import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../lib/errors.ts';
import { type Migration, pick, type ResourceStorage, statement, type Transaction } from '../storage/index.ts';

interface RepeatabilityTables {
  repeatability: { caller: string; request_id: string; fingerprint: string; result: Uint8Array; expires_at: number };
}

export const repeatabilityMigrations: readonly Migration[] = [
  {
    name: 'http/0001-repeatability',
    up: async (db, types) => {
      await db.schema
        .createTable('repeatability')
        .addColumn('caller', 'text', (c) => c.notNull())
        .addColumn('request_id', 'text', (c) => c.notNull())
        .addColumn('fingerprint', 'text', (c) => c.notNull())
        .addColumn('result', types.blob, (c) => c.notNull())
        .addColumn('expires_at', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('repeatability_key', ['caller', 'request_id'])
        .execute();
      await db.schema.createIndex('repeatability_by_expiry').on('repeatability').column('expires_at').execute();
    },
  },
];

const sql = statement<RepeatabilityTables>();
const claim = sql((db, p: RepeatabilityTables['repeatability']) =>
  db
    .insertInto('repeatability')
    .values(pick(p, 'caller', 'request_id', 'fingerprint', 'result', 'expires_at'))
    .onConflict((c) => c.columns(['caller', 'request_id']).doNothing()),
);
const find = sql((db, p: { caller: string; request_id: string }) =>
  db.selectFrom('repeatability').select(['fingerprint', 'result']).where('caller', '=', p.caller).where('request_id', '=', p.request_id),
);
const keep = sql((db, p: { caller: string; request_id: string; result: Uint8Array }) =>
  db.updateTable('repeatability').set({ result: p.result }).where('caller', '=', p.caller).where('request_id', '=', p.request_id),
);
const purgeSome = sql((db, p: { now: number; limit: number }) =>
  db
    .deleteFrom('repeatability')
    .where((eb) =>
      eb(
        eb.refTuple('caller', 'request_id'),
        'in',
        eb
          .selectFrom('repeatability')
          .select(['caller', 'request_id'])
          .where('expires_at', '<=', p.now)
          .orderBy('expires_at')
          .limit(p.limit)
          .$asTuple('caller', 'request_id'),
      ),
    ),
);

/** How long a repeated request finds its first result; the window upstream's SDKs retry in is far shorter. */
const WINDOW_MS = 24 * 3_600_000;
const PURGED_AT_ONCE = 500;
const PURGE_KIND = 'http/repeatability-purge';

export interface RepeatedRequest {
  /** Resource and user: ids of one caller never meet those of another. */
  readonly caller: string;
  readonly requestId: string;
  /** Operation and body hash: the same id for another request is a mistake of the client. */
  readonly fingerprint: string;
}

/** Makes an operation take effect once however often it is sent (OASIS Repeatable Requests 1.0). */
export class Repeatability {
  readonly #clock: Clock;
  readonly #storage: ResourceStorage;

  constructor(options: { readonly clock: Clock; readonly storage: ResourceStorage }) {
    const { clock, storage } = options;
    this.#clock = clock;
    this.#storage = storage;
    storage.due.handle(PURGE_KIND, async () => {
      const some = { now: clock.now(), limit: PURGED_AT_ONCE };
      while ((await storage.write((tx) => tx.run(purgeSome, some))) === PURGED_AT_ONCE);
    });
  }

  /**
   * Runs `effect` inside `tx` unless the same request already did; then its first result is returned.
   *
   * @param effect gives a result that survives JSON
   * @throws ApiError 400 when the id was used for another request
   */
  async once<T>(
    tx: Transaction,
    request: RepeatedRequest,
    effect: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly repeated: boolean }> {
    const key = { caller: request.caller, request_id: request.requestId };
    // Results hold what users wrote, so they are sealed like everything else of theirs.
    const place = `repeatability ${request.caller} ${request.requestId}`;
    const { keys, due } = this.#storage;
    const expiresAtMs = this.#clock.now() + WINDOW_MS;
    const claimed = await tx.run(claim, { ...key, fingerprint: request.fingerprint, result: new Uint8Array(), expires_at: expiresAtMs });
    if (claimed === 0) {
      const first = await tx.get(find, key);
      if (first?.fingerprint !== request.fingerprint) throw usedForAnother();
      // Written by us below, in the transaction that claimed the id.
      return { result: JSON.parse(keys.unseal(first.result, place).toString('utf8')) as T, repeated: true };
    }
    const result = await effect();
    await tx.run(keep, { ...key, result: keys.seal(JSON.stringify(result), place) });
    // One purge an hour is enough, so all expiries within an hour share one piece of due work.
    const hour = Math.ceil(expiresAtMs / 3_600_000);
    await due.schedule(tx, { kind: PURGE_KIND, id: `${PURGE_KIND}/${hour}`, dueAtMs: hour * 3_600_000, payload: null });
    return { result, repeated: false };
  }
}

function usedForAnother(): ApiError {
  return new ApiError('BadRequest', 'This repeatability-request-id was already used for a request with another content.', {
    target: 'repeatability-request-id',
    explanation: { rule: 'repeatability.mismatch', cure: 'Use a new UUID for each request; repeat an id only with the same body.' },
  });
}
