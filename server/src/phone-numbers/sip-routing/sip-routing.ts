import type { SipConfiguration, SipConfigurationUpdate } from '@switchboard/contract';
import type { Reader, Storage } from '../../storage/index.ts';
import { sipStore } from '../store/sip-store.ts';
import { merged } from './configuration.ts';

/** The SIP trunks of resources, and which numbers go through them. Stored; calls will go by it. */
export class SipRouting {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get(resourceId: string): Promise<SipConfiguration> {
    return read(this.#storage.forResource(resourceId).read, resourceId);
  }

  /** @throws ApiError 422 naming what cannot be */
  update(resourceId: string, update: SipConfigurationUpdate): Promise<SipConfiguration> {
    return this.#storage.forResource(resourceId).write(async (tx) => {
      const next = merged(await read(tx, resourceId), update);
      await sipStore.put(tx, resourceId, JSON.stringify(next));
      return next;
    }, `sip ${resourceId}`);
  }
}

async function read(reader: Reader, resourceId: string): Promise<SipConfiguration> {
  const row = await sipStore.find(reader, resourceId);
  // Written by `update`.
  return row === undefined ? { trunks: {}, routes: [] } : (JSON.parse(row.definition) as SipConfiguration);
}
