import type { TopicInput, TopicPatch } from '@switchboard/contract';
import type { TopicDirectory, TopicRef } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Random } from '../../lib/random.ts';
import type { Limits } from '../../limits/index.ts';
import type { Storage } from '../../storage/index.ts';
import { armIdOf } from '../arm/ids.ts';
import type { EventSource, EventSources } from '../sources.ts';
import { customTopicErrors } from './errors.ts';
import type { CustomTopic } from './topic.ts';
import { changesOf, settingsOf, topicNameOf } from './topic-settings.ts';
import { type AlsoRemove, TopicShelf } from './topic-shelf.ts';

export interface CustomTopicsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly limits: Limits;
  /** Whether another source of events has the name. */
  readonly isTaken: (name: string) => boolean;
}

const KEY_BYTES = 32;
/** As Azure names the hosts of topics, and the same on this machine (RFC 6761 section 6.3). */
const HOST = /^([a-z0-9-]{3,50})\.([a-z0-9]{2,40})-1\.eventgrid\.(?:azure\.net|localhost)$/;

/** Custom topics: sources of events that applications publish themselves. */
export class CustomTopics implements TopicDirectory, EventSources {
  readonly #options: CustomTopicsOptions;
  readonly #shelf: TopicShelf<CustomTopic>;

  private constructor(options: CustomTopicsOptions, shelf: TopicShelf<CustomTopic>) {
    this.#options = options;
    this.#shelf = shelf;
  }

  static async open(options: CustomTopicsOptions): Promise<CustomTopics> {
    return new CustomTopics(options, await TopicShelf.open<CustomTopic>(options.storage, 'custom'));
  }

  /** By name. */
  list(): CustomTopic[] {
    return this.#shelf.list();
  }

  /** @throws ApiError 404 */
  get(name: string): CustomTopic {
    const found = this.#shelf.find(name);
    if (found === undefined) throw customTopicErrors.unknown(name);
    return found;
  }

  find(name: string): (CustomTopic & TopicRef) | undefined {
    const topic = this.#shelf.find(name);
    return topic && { ...topic, keys: [topic.key1, topic.key2], takesKeys: !topic.disableLocalAuth };
  }

  byHost(hostname: string): (CustomTopic & TopicRef) | undefined {
    const [, name = '', location] = HOST.exec(hostname) ?? [];
    const topic = this.find(name);
    return topic !== undefined && topic.location === location ? topic : undefined;
  }

  byId(id: string): EventSource | undefined {
    return sourceOf(this.#shelf.byId(id));
  }

  byName(name: string): EventSource | undefined {
    return sourceOf(this.#shelf.find(name));
  }

  /** Makes a topic with two fresh keys. @throws ApiError 400, 409 */
  create(name: string, wanted: TopicInput): Promise<CustomTopic> {
    return this.#shelf.change(() => {
      if (this.#shelf.find(name) !== undefined) throw customTopicErrors.nameTaken(name);
      return this.#made(name, wanted);
    });
  }

  /** Makes a topic, or changes the one of that name; its keys stay. @throws ApiError 400, 409 */
  put(name: string, wanted: TopicInput): Promise<CustomTopic> {
    return this.#shelf.change(() => {
      const current = this.#shelf.find(name);
      if (current === undefined) return this.#made(name, wanted);
      const { id, createdAtMs, key1, key2 } = current;
      return { ...settingsOf(wanted, current), id, name: current.name, createdAtMs, key1, key2 };
    });
  }

  /** @throws ApiError 400, 404 */
  patch(name: string, change: TopicPatch): Promise<CustomTopic> {
    return this.#shelf.change(() => {
      const current = this.get(name);
      return { ...current, ...changesOf(change, current) };
    });
  }

  /** Replaces one key at once; the other is not touched. @throws ApiError 400, 404 */
  regenerateKey(name: string, keyName: string): Promise<CustomTopic> {
    return this.#shelf.change(() => {
      const current = this.get(name);
      const key = keyName.toLowerCase();
      if (key !== 'key1' && key !== 'key2') throw customTopicErrors.invalid('keyName', 'must be key1 or key2');
      return { ...current, [key]: this.#newKey() };
    });
  }

  /** @param alsoRemove what goes with it, in the same transaction @throws ApiError 404 */
  async remove(name: string, alsoRemove: AlsoRemove): Promise<void> {
    const topic = this.get(name);
    await this.#shelf.remove(topic, (tx) => alsoRemove(tx, topic.id));
  }

  #made(name: string, wanted: TopicInput): CustomTopic {
    const { ids, clock, limits, isTaken } = this.#options;
    const folded = topicNameOf(name);
    if (isTaken(folded)) throw customTopicErrors.nameTaken(folded);
    const settings = settingsOf(wanted);
    limits.atMost('events.custom-topics', this.#shelf.size + 1, 'custom topics');
    const keys = { key1: this.#newKey(), key2: this.#newKey() };
    return { ...settings, ...keys, id: ids.uuid('event'), name: folded, createdAtMs: clock.now() };
  }

  #newKey(): string {
    return this.#options.random.bytes(KEY_BYTES).toString('base64');
  }
}

function sourceOf(topic: CustomTopic | undefined): EventSource | undefined {
  if (topic === undefined) return undefined;
  const { id, name, inputSchema } = topic;
  return { id, name, inputSchema, topic: armIdOf('topics', name) };
}
