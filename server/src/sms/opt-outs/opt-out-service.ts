import type { ResourceRef } from '../../http/index.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import { isPhone } from '../send/recipients.ts';
import type { Senders } from '../send/senders.ts';
import type { OptOut } from '../store/opt-out-store.ts';
import type { OptOuts } from './opt-outs.ts';

export interface OptOutServiceOptions {
  readonly storage: Storage;
  readonly senders: Senders;
  readonly optOuts: OptOuts;
}

interface OptOutRequest {
  readonly from: string;
  readonly recipients: readonly { readonly to: string }[];
}

interface OptOutResult {
  readonly to: string;
  readonly httpStatusCode: number;
  readonly errorMessage?: string;
  readonly isOptedOut?: boolean;
}

/** As the examples of the API definition say it. */
const BAD_NUMBER = 'Invalid recipient phone number format';

/** What applications do about opt-outs. Each recipient has a result; @throws ApiError 401 for a sender that the resource does not own */
export class OptOutService {
  readonly #options: OptOutServiceOptions;

  constructor(options: OptOutServiceOptions) {
    this.#options = options;
  }

  add(resource: ResourceRef, request: OptOutRequest): Promise<OptOutResult[]> {
    return this.#each(resource, request, (tx, optOut) => this.#options.optOuts.add(tx, optOut));
  }

  remove(resource: ResourceRef, request: OptOutRequest): Promise<OptOutResult[]> {
    return this.#each(resource, request, (tx, optOut) => this.#options.optOuts.remove(tx, optOut));
  }

  async check(resource: ResourceRef, { from, recipients }: OptOutRequest): Promise<OptOutResult[]> {
    const { senders, storage, optOuts } = this.#options;
    const { address: sender } = await senders.find(resource, from);
    const { read } = storage.forResource(resource.id);
    const results: OptOutResult[] = [];
    for (const { to } of recipients) {
      if (!isPhone(to)) results.push(refused(to));
      else {
        const isOptedOut = await optOuts.has(read, { resourceId: resource.id, sender, recipient: to });
        results.push({ to, httpStatusCode: 200, isOptedOut });
      }
    }
    return results;
  }

  async #each(
    resource: ResourceRef,
    { from, recipients }: OptOutRequest,
    change: (tx: Transaction, optOut: OptOut) => Promise<void>,
  ): Promise<OptOutResult[]> {
    const { senders, storage } = this.#options;
    const { address: sender } = await senders.find(resource, from);
    await storage.forResource(resource.id).write(async (tx) => {
      for (const { to } of recipients) if (isPhone(to)) await change(tx, { resourceId: resource.id, sender, recipient: to });
    });
    return recipients.map(({ to }) => (isPhone(to) ? { to, httpStatusCode: 200 } : refused(to)));
  }
}

function refused(to: string): OptOutResult {
  return { to, httpStatusCode: 400, errorMessage: BAD_NUMBER };
}
