import type { HttpClient } from '../../egress/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { DeadLetterPlace } from '../dead-letters/dead-letter.ts';
import type { StorageAccount } from './storage-account.ts';

export interface BlobPlaceOptions {
  readonly client: HttpClient;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly account: StorageAccount;
  readonly container: string;
}

/** Dead letters as blobs of a container, which has to be there. */
export class BlobPlace implements DeadLetterPlace {
  readonly #options: BlobPlaceOptions;

  constructor(options: BlobPlaceOptions) {
    this.#options = options;
  }

  async write(path: string, text: string): Promise<void> {
    const { client, timeoutMs, clock, account, container } = this.#options;
    const headers = { 'content-type': 'application/json', 'x-ms-blob-type': 'BlockBlob' };
    const call = { service: 'blob', method: 'PUT', path: `/${container}/${path}`, headers, body: text } as const;
    const { status, headers: answered } = await client.send({ ...account.request(call, clock), timeoutMs });
    if (status !== 201) throw new Error(`the store answered ${status} ${String(answered['x-ms-error-code'] ?? '')}`.trim());
  }
}
