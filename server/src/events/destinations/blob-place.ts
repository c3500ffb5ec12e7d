import type { HttpClient } from '../../egress/index.ts';
import type { DeadLetterPlace } from '../dead-letters/dead-letter.ts';
import { refusalOf, type StorageAccount } from './storage-account.ts';

export interface BlobPlaceOptions {
  readonly client: HttpClient;
  readonly timeoutMs: number;
  /** Real milliseconds since the epoch. */
  readonly realNow: () => number;
  readonly account: StorageAccount;
  readonly container: string;
}

/** Of what the store says. */
const MOST_CHARACTERS = 300;

/** Dead letters as blobs of a container, which has to be there. */
export class BlobPlace implements DeadLetterPlace {
  readonly #options: BlobPlaceOptions;

  constructor(options: BlobPlaceOptions) {
    this.#options = options;
  }

  async write(path: string, text: string): Promise<void> {
    const { client, timeoutMs, realNow, account, container } = this.#options;
    const headers = { 'content-type': 'application/json', 'x-ms-blob-type': 'BlockBlob' };
    const call = { service: 'blob', method: 'PUT', path: `/${container}/${path}`, headers, body: text } as const;
    const answer = await client.send({ ...account.request(call, realNow()), timeoutMs });
    if (answer.status !== 201) throw new Error(`the store answered ${answer.status} (${refusalOf(answer).slice(0, MOST_CHARACTERS)})`);
  }
}
