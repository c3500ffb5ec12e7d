import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Limits } from '../../limits/index.ts';
import type { Storage } from '../../storage/index.ts';
import type { EventSource } from '../sources.ts';
import { systemTopicErrors } from './system-topic-errors.ts';
import type { SystemTopic } from './topic.ts';
import { type AlsoRemove, TopicShelf } from './topic-shelf.ts';

export interface SystemTopicsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly limits: Limits;
}

const NAME = /^[a-z0-9-]{3,128}$/;

type Tags = Readonly<Record<string, string>>;

/** System topics: names under which the events of resources may be subscribed to, at most one for each resource. */
export class SystemTopics {
  readonly #options: SystemTopicsOptions;
  readonly #shelf: TopicShelf<SystemTopic>;

  private constructor(options: SystemTopicsOptions, shelf: TopicShelf<SystemTopic>) {
    this.#options = options;
    this.#shelf = shelf;
  }

  static async open(options: SystemTopicsOptions): Promise<SystemTopics> {
    return new SystemTopics(options, await TopicShelf.open<SystemTopic>(options.storage, 'system'));
  }

  /** By name. */
  list(): SystemTopic[] {
    return this.#shelf.list();
  }

  find(name: string): SystemTopic | undefined {
    return this.#shelf.find(name);
  }

  /** @throws ApiError 404 */
  get(name: string): SystemTopic {
    const found = this.find(name);
    if (found === undefined) throw systemTopicErrors.unknown(name);
    return found;
  }

  ofSource(sourceId: string): SystemTopic | undefined {
    return this.list().find((topic) => topic.sourceId === sourceId);
  }

  /** Makes a system topic, or changes the tags of the one of that name. @throws ApiError 400, 409 */
  put(name: string, source: EventSource, tags: Tags | undefined): Promise<SystemTopic> {
    return this.#shelf.change(() => {
      const current = this.find(name) ?? this.#made(name, source);
      if (current.sourceId !== source.id) throw systemTopicErrors.otherSource(current.name);
      return { ...current, ...(tags === undefined ? {} : { tags }) };
    });
  }

  /** @throws ApiError 404 */
  patch(name: string, tags: Tags | undefined): Promise<SystemTopic> {
    return this.#shelf.change(() => ({ ...this.get(name), ...(tags === undefined ? {} : { tags }) }));
  }

  /** @param alsoRemove what goes with its source, in the same transaction @throws ApiError 404 */
  async remove(name: string, alsoRemove: AlsoRemove): Promise<void> {
    const topic = this.get(name);
    await this.#shelf.remove(topic, (tx) => alsoRemove(tx, topic.sourceId));
  }

  #made(name: string, source: EventSource): SystemTopic {
    const { ids, clock, limits } = this.#options;
    const folded = name.toLowerCase();
    if (!NAME.test(folded)) throw systemTopicErrors.badName();
    const other = this.ofSource(source.id);
    if (other !== undefined) throw systemTopicErrors.sourceTaken(source.name, other.name);
    limits.atMost('events.system-topics', this.#shelf.size + 1, 'system topics');
    return { id: ids.uuid('event'), name: folded, createdAtMs: clock.now(), sourceId: source.id };
  }
}
