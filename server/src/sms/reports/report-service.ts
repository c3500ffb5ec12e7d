import type { DeliveryReport } from '@switchboard/contract';
import type { Storage } from '../../storage/index.ts';
import { smsErrors } from '../errors.ts';
import { numberInId } from '../message-number.ts';
import type { MessageStore } from '../store/message-store.ts';
import { reportOf } from './report.ts';

/** Reports, for those who ask. */
export class ReportService {
  readonly #storage: Storage;
  readonly #store: MessageStore;

  constructor({ storage, store }: { readonly storage: Storage; readonly store: MessageStore }) {
    this.#storage = storage;
    this.#store = store;
  }

  /** @throws ApiError 404 for a message that is not known here, or under way */
  async get(resourceId: string, messageId: string): Promise<DeliveryReport> {
    const no = numberInId(messageId);
    const message = no === undefined ? undefined : await this.#store.find(this.#storage.forResource(resourceId).read, no);
    const isMeant = message?.resourceId === resourceId && message.messageId === messageId;
    const report = isMeant ? reportOf(message) : undefined;
    if (report === undefined) throw smsErrors.noReport(messageId);
    return report;
  }
}
