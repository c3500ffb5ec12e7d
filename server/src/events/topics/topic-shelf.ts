import { Serial } from '../../lib/serial.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import { TopicStore } from './topic-store.ts';

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/** Removes what belongs to a source that ends. */
export type AlsoRemove = (tx: Transaction, sourceId: string) => Promise<void>;

/** All topics of one kind: held in memory, since their number is limited, and stored. */
export class TopicShelf<T extends Stored> {
  readonly #storage: Storage;
  readonly #store: TopicStore<T>;
  readonly #byName = new Map<string, T>();
  readonly #byId = new Map<string, T>();
  /** Changes read what they change, so they follow one another. */
  readonly #changes = new Serial();

  private constructor(storage: Storage, kind: 'custom' | 'system') {
    this.#storage = storage;
    this.#store = new TopicStore<T>(storage.keys, kind);
  }

  static async open<T extends Stored>(storage: Storage, kind: 'custom' | 'system'): Promise<TopicShelf<T>> {
    const shelf = new TopicShelf<T>(storage, kind);
    await shelf.#load();
    storage.state.onReplaced(() => shelf.#load());
    return shelf;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** @param name in any case of letters */
  find(name: string): T | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  byId(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** By name. */
  list(): T[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Makes a topic, or puts one in the place of that with the same id; `make` sees the present state. */
  change(make: () => T): Promise<T> {
    return this.#changes.run(async () => {
      const topic = make();
      await this.#storage.write((tx) => this.#store.put(tx, topic));
      this.#remember(topic);
      return topic;
    });
  }

  remove(topic: T, alsoRemove: (tx: Transaction) => Promise<void>): Promise<void> {
    return this.#changes.run(async () => {
      await this.#storage.write(async (tx) => {
        await this.#store.remove(tx, topic.id);
        await alsoRemove(tx);
      });
      this.#byName.delete(topic.name);
      this.#byId.delete(topic.id);
    });
  }

  async #load(): Promise<void> {
    const topics = await this.#store.all(this.#storage.read);
    this.#byName.clear();
    this.#byId.clear();
    for (const topic of topics) this.#remember(topic);
  }

  #remember(topic: T): void {
    this.#byName.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
  }
}
