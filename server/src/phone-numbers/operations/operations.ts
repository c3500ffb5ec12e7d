import type { Clock } from '../../lib/clock.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import { phoneNumberErrors } from '../errors.ts';
import type { OwnedCache } from '../owned-cache.ts';
import type { OperationRow } from '../store/migrations.ts';
import { operationStore } from '../store/operation-store.ts';
import { scheduleHistoryPurge } from './history.ts';

/** Each by the word that the service calls it, and how its ids begin (wire/rest-services.md section 7). */
const ID_PREFIXES = {
  search: 'search',
  purchase: 'purchase',
  reservationPurchase: 'reservationPurchase',
  releasePhoneNumber: 'release',
  updatePhoneNumberCapabilities: 'capabilities',
} as const;
export type OperationType = keyof typeof ID_PREFIXES;

/** How an operation ended. */
export type Outcome = 'succeeded' | { readonly code: string; readonly message: string };

export interface OperationSteps {
  /** Does the work, all of it in `tx`; may run more than once. */
  run(tx: Transaction, operation: OperationRow): Promise<Outcome>;
  /** Undoes what was begun, of an operation that is not to run any more; of a search, also when it has run. */
  cancel(tx: Transaction, operation: OperationRow): Promise<void>;
}

export interface NewOperation {
  readonly type: OperationType;
  /** The id without its prefix. */
  readonly id: string;
  readonly resourceId: string;
  readonly subject: string;
  readonly detail?: unknown;
}

export interface OperationsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  /** How long an operation takes. */
  readonly durationMs: number;
  readonly owned: OwnedCache;
}

const RUN = 'phone-numbers/operation';
/** Phone numbers change one unit of work after the other: they are what units would compete for. */
export const LANE = 'phone-numbers';

/**
 * Long-running operations. Each is stored in one transaction with the due work that runs it, so it ends whatever happens to
 * the process, and what it does is written with its end.
 */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #steps = new Map<string, OperationSteps>();

  constructor(options: OperationsOptions) {
    this.#options = options;
    options.storage.due.handle(RUN, async ({ payload }) => {
      // Written by `begin`.
      const { id, resourceId } = payload as { readonly id: string; readonly resourceId: string };
      await this.write(resourceId, (tx) => this.#run(tx, id));
    });
  }

  handle(type: OperationType, steps: OperationSteps): void {
    this.#steps.set(type, steps);
  }

  /** A unit of work that may begin operations: one that takes no time ends within it. */
  write<T>(resourceId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#options.owned.whileChanging(() => this.#rows(resourceId).write(work, LANE));
  }

  /** Begins an operation, or finds the one of that id that was begun before. */
  async begin(tx: Transaction, { type, id: bare, resourceId, subject, detail }: NewOperation): Promise<OperationRow> {
    const { clock, durationMs } = this.#options;
    const id = idOf(type, bare);
    const known = await operationStore.find(tx, id);
    if (known !== undefined) return known;
    const nowMs = clock.now();
    const row: OperationRow = {
      id,
      resource_id: resourceId,
      type,
      status: 'running',
      subject,
      detail: JSON.stringify(detail ?? null),
      created_at: nowMs,
      last_action_at: nowMs,
      error_code: null,
      error_message: null,
    };
    await operationStore.insert(tx, row);
    const rows = this.#rows(resourceId);
    await scheduleHistoryPurge(rows, tx, nowMs);
    if (durationMs === 0) await this.#run(tx, id);
    else await rows.due.schedule(tx, { kind: RUN, id: workOf(id), dueAtMs: nowMs + durationMs, payload: { id, resourceId } });
    return row;
  }

  /** @throws ApiError 404 */
  async get(resourceId: string, id: string): Promise<OperationRow> {
    return mustBeOf(await operationStore.find(this.#rows(resourceId).read, id), { resourceId, id });
  }

  /** @throws ApiError 404, 409 for one that has ended and cannot be undone */
  async cancel(resourceId: string, id: string): Promise<void> {
    await this.write(resourceId, async (tx) => {
      const operation = mustBeOf(await operationStore.find(tx, id), { resourceId, id });
      if (operation.type !== 'search' && hasEnded(operation)) throw phoneNumberErrors.operationEnded(id);
      await this.#stepsOf(operation).cancel(tx, operation);
      if (hasEnded(operation)) return;
      await this.#rows(resourceId).due.cancel(tx, workOf(id));
      await this.#conclude(tx, id, { code: 'OperationCancelled', message: 'The operation was cancelled.' });
    });
  }

  async #run(tx: Transaction, id: string): Promise<void> {
    const operation = await operationStore.find(tx, id);
    if (operation === undefined || hasEnded(operation)) return;
    await this.#conclude(tx, id, await this.#stepsOf(operation).run(tx, operation));
  }

  #conclude(tx: Transaction, id: string, outcome: Outcome): Promise<void> {
    const atMs = this.#options.clock.now();
    if (outcome === 'succeeded') return operationStore.conclude(tx, id, { status: outcome, atMs });
    return operationStore.conclude(tx, id, { status: 'failed', atMs, error: outcome });
  }

  #stepsOf({ type }: OperationRow): OperationSteps {
    const steps = this.#steps.get(type);
    if (steps === undefined) throw new Error(`nothing runs operations of type ${type}`);
    return steps;
  }

  #rows(resourceId: string) {
    return this.#options.storage.forResource(resourceId);
  }
}

export function idOf(type: OperationType, id: string): string {
  return `${ID_PREFIXES[type]}_${id}`;
}

function hasEnded({ status }: Pick<OperationRow, 'status'>): boolean {
  return status === 'succeeded' || status === 'failed';
}

function workOf(id: string): string {
  return `${RUN}/${id}`;
}

/** What is of another resource does not exist here. */
function mustBeOf(row: OperationRow | undefined, { resourceId, id }: { readonly resourceId: string; readonly id: string }): OperationRow {
  if (row?.resource_id !== resourceId) throw phoneNumberErrors.unknownOperation(id);
  return row;
}
