import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Transaction } from '../../storage/index.ts';
import type { Failure, Submission } from '../carriers/carrier.ts';
import type { Progress, StoredMessage } from '../message.ts';
import type { Endings } from '../reports/endings.ts';
import type { SmsFactListener } from '../sms-facts.ts';
import type { MessageStore } from '../store/message-store.ts';
import { segmentStore } from '../store/segment-store.ts';
import type { Notes } from './notes.ts';

export interface OutcomesOptions {
  /** Of the carrier. */
  readonly name: string;
  readonly store: MessageStore;
  readonly endings: Endings;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly log: Log;
  readonly announce: SmsFactListener;
  /** Its receipts will name a message by these ids. */
  readonly onAccepted: (carrier: string, carrierIds: readonly string[]) => void;
  /** What came of an attempt is on disk: the phone may get its next message. */
  readonly onNoted: (message: StoredMessage) => void;
}

type Accepted = Extract<Submission, { kind: 'accepted' }>;

/** Notes what came of handing messages to a carrier. */
export class Outcomes {
  readonly #options: OutcomesOptions;
  #unknownIds = 0;

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  /** Messages that were taken, and whose receipts cannot be understood yet. */
  get unknownIds(): number {
    return this.#unknownIds;
  }

  accepted(message: StoredMessage, accepted: Accepted): void {
    const { notes, name, clock, onAccepted, onNoted } = this.#options;
    const carrierIds = accepted.segments.flatMap((segment) => ('carrierId' in segment ? [segment.carrierId] : []));
    const atMs = clock.now();
    this.#unknownIds += 1;
    notes.add({
      write: (tx) => this.#accept(tx, message, { accepted, carrierIds, atMs }),
      dropped: () => (this.#unknownIds -= 1),
      then: () => {
        this.#unknownIds -= 1;
        onNoted(message);
        onAccepted(name, carrierIds);
      },
    });
  }

  refused(message: StoredMessage, { code, text }: Failure): void {
    const atMs = this.#options.clock.now();
    this.#end(message, { code, detail: text, atMs, progress: { submittedAtMs: atMs, failed: message.segments } });
  }

  /** The message must not go out twice, and it may have gone out once. */
  givenUp(message: StoredMessage, detail: string): void {
    const { clock, log, name } = this.#options;
    log.warn({ messageId: message.messageId, carrier: name }, 'whether a carrier took a message is not known; it is given up');
    this.#end(message, { code: 9999, detail, atMs: clock.now() });
  }

  /** Says whether a message is being handed over. Resolves when that is durable, or never will be. */
  mark({ no }: StoredMessage, state: 'queued' | 'submitting'): Promise<void> {
    const { store, notes } = this.#options;
    return new Promise((resolve) => {
      notes.add({
        write: async (tx) => {
          await store.mark(tx, no, state);
        },
        then: resolve,
        dropped: resolve,
      });
    });
  }

  #end(message: StoredMessage, ending: Parameters<Endings['conclude']>[2]): void {
    const { notes, endings, onNoted } = this.#options;
    notes.add({
      write: async (tx) => {
        await endings.conclude(tx, message, ending);
      },
      then: () => onNoted(message),
    });
  }

  async #accept(
    tx: Transaction,
    message: StoredMessage,
    { accepted, carrierIds, atMs }: { readonly accepted: Accepted; readonly carrierIds: readonly string[]; readonly atMs: number },
  ): Promise<void> {
    const { store, endings, name, announce } = this.#options;
    const [failure] = accepted.segments.filter((segment): segment is Failure => 'code' in segment);
    const failed = accepted.segments.length - carrierIds.length;
    if (failure !== undefined && carrierIds.length === 0) {
      const { code, text: detail } = failure;
      await endings.conclude(tx, message, { code, detail, atMs, progress: { submittedAtMs: atMs, failed } });
      return;
    }
    const progress: Progress = {
      ...message.progress,
      state: 'submitted',
      submittedAtMs: atMs,
      failed,
      ...(failure === undefined ? {} : { code: failure.code }),
      ...(failure?.text === undefined ? {} : { detail: failure.text }),
    };
    // Its time may have been over meanwhile.
    if (!(await store.submit(tx, message.no, progress))) return;
    tx.afterCommit(() => announce({ kind: 'left', message: { ...message, progress } }));
    for (const carrierId of carrierIds) await segmentStore.put(tx, name, { carrierId, no: message.no });
    await accepted.alongside?.(tx);
  }
}
