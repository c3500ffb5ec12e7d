import type { MaybePromise, Transaction } from '../../storage/index.ts';
import type { Progress, StoredMessage } from '../message.ts';
import type { SmsFactListener } from '../sms-facts.ts';
import type { MessageStore } from '../store/message-store.ts';
import { segmentStore } from '../store/segment-store.ts';
import { DELIVERED, type DeliveryCode } from './delivery-codes.ts';

/** What became of a message. */
export interface Ending {
  readonly code: DeliveryCode;
  readonly detail?: string | undefined;
  readonly atMs: number;
  /** Where it differs from what is stored. */
  readonly progress?: Partial<Pick<Progress, 'succeeded' | 'failed' | 'submittedAtMs'>>;
}

export interface EndingsOptions {
  readonly store: MessageStore;
  /** Tells its sender, in the transaction. */
  readonly report: (tx: Transaction, message: StoredMessage) => MaybePromise<void>;
  readonly announce: SmsFactListener;
}

/** Ends messages: each once, with its report where one was asked for. */
export class Endings {
  readonly #options: EndingsOptions;

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  /** @returns false when it had ended before */
  async conclude(tx: Transaction, message: StoredMessage, ending: Ending): Promise<boolean> {
    const progress = endedProgress(message.progress, ending);
    if (!(await this.#options.store.conclude(tx, message.no, progress))) return false;
    if (message.progress.state === 'submitted' && hasOpenSegments(message, progress)) await segmentStore.removeOf(tx, message.no);
    await this.tell(tx, { ...message, progress }, message);
    return true;
  }

  /**
   * Tells of a message that has ended.
   *
   * @param before as it was; undefined for one that ended as soon as it was accepted
   */
  async tell(tx: Transaction, message: StoredMessage, before: StoredMessage | undefined): Promise<void> {
    const { report, announce } = this.#options;
    if (message.wantsReport) await report(tx, message);
    tx.afterCommit(() => {
      if (before !== undefined && before.progress.state !== 'submitted') announce({ kind: 'left', message });
      announce({ kind: 'concluded', message });
    });
  }
}

/** Progress without an end, as that end makes it. */
export function endedProgress(before: Progress, { code, detail, atMs, progress }: Ending): Progress {
  const { dueAtMs: _due, code: _code, detail: _detail, ...rest } = { ...before, ...progress };
  return {
    ...rest,
    state: code === DELIVERED ? 'delivered' : 'failed',
    concludedAtMs: atMs,
    code,
    ...(detail === undefined ? {} : { detail }),
  };
}

/** Whether receipts for some of its segments might still come. */
function hasOpenSegments({ segments }: StoredMessage, { succeeded, failed }: Progress): boolean {
  return succeeded + failed < segments;
}
