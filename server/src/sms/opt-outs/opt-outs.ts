import type { Clock } from '../../lib/clock.ts';
import type { Reader, ResourceStorage, Transaction } from '../../storage/index.ts';
import { type OptOut, optOutStore } from '../store/opt-out-store.ts';

/** Who wants no messages from whom. Most senders are unwelcome to nobody: those are known without asking the store. */
export class OptOuts {
  readonly #clock: Clock;
  /** Senders that some phone may want no messages from. Grows only: what is committed can be read before anybody is told of it. */
  readonly #unwelcome = new Set<string>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async start({ read }: Pick<ResourceStorage, 'read'>): Promise<void> {
    this.#unwelcome.clear();
    for await (const { resourceId, sender } of optOutStore.senders(read)) this.#unwelcome.add(`${resourceId} ${sender}`);
  }

  has(read: Reader, optOut: OptOut): boolean | Promise<boolean> {
    return this.#unwelcome.has(`${optOut.resourceId} ${optOut.sender}`) && optOutStore.has(read, optOut);
  }

  add(tx: Transaction, optOut: OptOut): Promise<void> {
    this.#unwelcome.add(`${optOut.resourceId} ${optOut.sender}`);
    return optOutStore.put(tx, optOut, this.#clock.now());
  }

  remove(tx: Transaction, optOut: OptOut): Promise<void> {
    return optOutStore.remove(tx, optOut);
  }
}
