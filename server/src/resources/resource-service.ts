import { createSecretKey } from 'node:crypto';
import type { AccessKey, ResourceDirectory, ResourceRef } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import { Limits, type LimitsOptions } from '../limits/index.ts';
import { Serial } from '../lib/serial.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import { checkedLimits, locationOf, slotOf, tierOf } from './checks.ts';
import { resourceErrors } from './errors.ts';
import { type ResourceRow, ResourceStore, type StoredKey } from './store.ts';

export interface ResourceServiceOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly limits: Limits;
  /** Names under which the server answers for any resource, lower case: bind address, public hosts. */
  readonly sharedHosts: readonly string[];
}

/** A resource as the rest of the server sees it. */
export interface Resource extends ResourceRef {
  readonly tier: string;
  readonly dataLocation: string;
  readonly primaryKey: string;
  readonly secondaryKey: string;
  /** The limits set for this resource alone; undefined when it goes by the server's. */
  readonly ownLimits: LimitsOptions | undefined;
  /** Days a chat message is kept where its thread says nothing else; `Infinity` for without end. */
  readonly messageDays: number;
  /** The same as set for this resource; undefined where the limits decide. */
  readonly ownMessageDays: number | undefined;
}

/** What changes of a resource; null takes a setting back. */
export interface ResourceChange {
  readonly limits?: LimitsOptions | null;
  /** `Infinity` for without end. */
  readonly messageDays?: number | null;
}

export interface NewResource {
  readonly name: string;
  readonly dataLocation?: string | undefined;
  readonly tier?: string | undefined;
  /** Undefined for the server's. */
  readonly limits?: LimitsOptions | undefined;
  /** Base64; a random one by default. */
  readonly primaryKey?: string;
}

/** Rows of a deleted resource are removed by each feature, in its own time. */
export type ResourcePurge = (tx: Transaction, resourceId: string) => Promise<void>;

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const KEY_BYTES = 64;

/** Resources, their keys, and the host names that stand for them. All are held in memory; their number is limited. */
export class ResourceService implements ResourceDirectory {
  readonly #options: ResourceServiceOptions;
  readonly #store: ResourceStore;
  readonly #byName = new Map<string, Resource>();
  readonly #byId = new Map<string, Resource>();
  readonly #rows = new Map<string, ResourceRow>();
  /** Most recently used last. */
  readonly #order = new Set<Resource>();
  readonly #purges: ResourcePurge[] = [];
  /** Changes read what they change, so they follow one another. */
  readonly #changes = new Serial();
  readonly #changed: ((resourceId: string) => void | Promise<void>)[] = [];

  private constructor(options: ResourceServiceOptions) {
    this.#options = options;
    this.#store = new ResourceStore(options.storage.keys);
  }

  static async open(options: ResourceServiceOptions): Promise<ResourceService> {
    const service = new ResourceService(options);
    await service.#load();
    options.storage.state.onReplaced(() => service.#load());
    return service;
  }

  /** Called in the transaction that deletes a resource. */
  onPurge(purge: ResourcePurge): void {
    this.#purges.push(purge);
  }

  /** Called after a key or a setting of a resource was replaced, or the resource deleted; the change waits for its answer. */
  onChanged(listener: (resourceId: string) => void | Promise<void>): void {
    this.#changed.push(listener);
  }

  byHost(hostname: string): Resource | 'shared' | undefined {
    if (hostname === 'localhost' || LOOPBACK_ADDRESS.test(hostname) || this.#options.sharedHosts.includes(hostname)) return 'shared';
    const label = /^([a-z0-9-]+)\.(?:localhost|communication\.azure\.com)$/.exec(hostname)?.[1];
    return label === undefined ? undefined : this.#byName.get(label);
  }

  *all(): Iterable<Resource> {
    yield* [...this.#order].reverse();
  }

  used(resource: ResourceRef): void {
    const found = this.#byId.get(resource.id);
    if (found === undefined) return;
    this.#order.delete(found);
    this.#order.add(found);
  }

  byId(id: string): Resource | undefined {
    return this.#byId.get(id);
  }

  /** @throws ApiError 404 */
  byName(name: string): Resource {
    const found = this.find(name);
    if (found === undefined) throw resourceErrors.unknown(name);
    return found;
  }

  /** The same for who can do without. */
  find(name: string): Resource | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  get count(): number {
    return this.#byId.size;
  }

  /** Creates a resource with two fresh keys, or with a given primary key (the well-known one of a local start). */
  async create(wanted: NewResource): Promise<Resource> {
    const name = wanted.name.toLowerCase();
    if (!NAME.test(name)) throw resourceErrors.badName(wanted.name);
    const row: ResourceRow = {
      id: this.#options.ids.uuid('resource'),
      name,
      tier: tierOf(wanted.tier ?? 'Standard'),
      dataLocation: locationOf(wanted.dataLocation ?? 'United States'),
      createdAtMs: this.#options.clock.now(),
      limits: checkedLimits(wanted.limits),
      messageDays: undefined,
      primary: { version: 1, key: wanted.primaryKey ?? this.#newKey() },
      secondary: { version: 1, key: this.#newKey() },
    };
    return this.#changes.run(async () => {
      if (this.#byName.has(name)) throw resourceErrors.exists(name);
      this.#options.limits.atMost('resources.count', this.count + 1, 'resources');
      await this.#options.storage.write((tx) => this.#store.insert(tx, row));
      return this.#remember(row);
    });
  }

  /** @throws ApiError 404 */
  delete(name: string): Promise<void> {
    return this.#changes.run(async () => {
      const { id } = this.byName(name);
      await this.#options.storage.write(async (tx) => {
        await this.#store.remove(tx, id);
        for (const purge of this.#purges) await purge(tx, id);
      });
      this.#forget(id);
      await this.#tell(id);
    });
  }

  /** Changes settings of a resource; they hold from the answer on. @throws ApiError 404, 400 for limits that cannot be */
  update(name: string, change: ResourceChange): Promise<Resource> {
    return this.#changes.run(async () => {
      const row = this.#rowOf(name);
      const next: ResourceRow = {
        ...row,
        limits: change.limits === undefined ? row.limits : checkedLimits(change.limits ?? undefined),
        messageDays: change.messageDays === undefined ? row.messageDays : (change.messageDays ?? undefined),
      };
      await this.#options.storage.write((tx) => this.#store.updateSettings(tx, next));
      return this.#replaced(next);
    });
  }

  /** Replaces one key at once. The tokens it had asked for stop working with it; the other key is not touched. */
  async regenerateKey(name: string, keyType: string): Promise<Resource> {
    const slot = slotOf(keyType);
    return this.#changes.run(() => {
      const row = this.#rowOf(name);
      const next: StoredKey = { version: row[slot].version + 1, key: this.#newKey() };
      return this.#replaceKeys({ ...row, [slot]: next });
    });
  }

  /** Sets the primary key, for a server that is told which key to use. Nothing happens when it has it already. */
  setPrimaryKey(name: string, key: string): Promise<Resource> {
    return this.#changes.run(() => {
      const row = this.#rowOf(name);
      if (row.primary.key === key) return Promise.resolve(this.byName(name));
      return this.#replaceKeys({ ...row, primary: { version: row.primary.version + 1, key } });
    });
  }

  async #load(): Promise<void> {
    const rows = await this.#store.all(this.#options.storage.read);
    for (const id of [...this.#byId.keys()]) this.#forget(id);
    for (const row of rows) this.#remember(row);
  }

  async #replaceKeys(row: ResourceRow): Promise<Resource> {
    await this.#options.storage.write((tx) => this.#store.updateKeys(tx, row));
    return this.#replaced(row);
  }

  async #replaced(row: ResourceRow): Promise<Resource> {
    const resource = this.#remember(row);
    await this.#tell(row.id);
    return resource;
  }

  async #tell(resourceId: string): Promise<void> {
    for (const listener of this.#changed) await listener(resourceId);
  }

  #rowOf(name: string): ResourceRow {
    const row = this.#rows.get(this.byName(name).id);
    if (row === undefined) throw resourceErrors.unknown(name);
    return row;
  }

  #newKey(): string {
    return this.#options.random.bytes(KEY_BYTES).toString('base64');
  }

  #remember(row: ResourceRow): Resource {
    this.#forget(row.id);
    const resource = resourceOf(row, this.#options.limits);
    this.#rows.set(row.id, row);
    this.#byId.set(row.id, resource);
    this.#byName.set(row.name, resource);
    this.#order.add(resource);
    return resource;
  }

  #forget(id: string): void {
    const resource = this.#byId.get(id);
    if (resource === undefined) return;
    this.#rows.delete(id);
    this.#byId.delete(id);
    this.#byName.delete(resource.name);
    this.#order.delete(resource);
  }
}

const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

function resourceOf(row: ResourceRow, serverLimits: Limits): Resource {
  const accessKey = (slot: AccessKey['slot'], stored: StoredKey): AccessKey => ({
    slot,
    version: stored.version,
    secret: createSecretKey(Buffer.from(stored.key, 'base64')),
  });
  const limits = row.limits === undefined ? serverLimits : new Limits(row.limits);
  return {
    id: row.id,
    name: row.name,
    tier: row.tier,
    dataLocation: row.dataLocation,
    primaryKey: row.primary.key,
    secondaryKey: row.secondary.key,
    limits,
    ownLimits: row.limits,
    messageDays: row.messageDays ?? limits.value('chat.message-retention-days'),
    ownMessageDays: row.messageDays,
    accessKeys: [accessKey('primary', row.primary), accessKey('secondary', row.secondary)],
  };
}
