import { EVENT_GRID } from '@switchboard/contract';
import type { EventSource, EventSources } from '../sources.ts';
import type { CustomTopics } from '../topics/custom-topics.ts';
import type { SystemTopics } from '../topics/system-topics.ts';
import { armErrors } from './errors.ts';
import { armIdOf, LOCAL_GROUP, LOCAL_SUBSCRIPTION } from './ids.ts';

/** Types of sources, in the words of system topics. */
export const TOPIC_TYPES = { resources: 'Microsoft.Communication.CommunicationServices', topics: 'Microsoft.EventGrid.Topics' } as const;

/** What event subscriptions hang on. */
export interface Scope {
  readonly source: EventSource;
  /** What the ids of subscriptions begin with. */
  readonly base: string;
  /** Type of the subscriptions. */
  readonly type: string;
}

interface GroupParams {
  readonly subscriptionId: string;
  readonly resourceGroupName?: string;
}
interface ResourceParams extends GroupParams {
  readonly providerNamespace: string;
  readonly resourceTypeName: string;
  readonly resourceName: string;
}
interface TopicParams extends GroupParams {
  readonly topicKind: string;
  readonly topicName: string;
}

export interface ScopesOptions {
  /** Communication resources. */
  readonly resources: EventSources;
  readonly topics: CustomTopics;
  readonly systemTopics: SystemTopics;
}

/** Finds sources of events by ids of resource management, in any case of letters. */
export class Scopes {
  readonly #options: ScopesOptions;

  constructor(options: ScopesOptions) {
    this.#options = options;
  }

  /** @throws ApiError 404 unless the resources of this server lie there */
  checkGroup({ subscriptionId, resourceGroupName }: GroupParams): void {
    if (subscriptionId.toLowerCase() !== LOCAL_SUBSCRIPTION) throw armErrors.unknownSubscriptionId(subscriptionId);
    if (resourceGroupName !== undefined && resourceGroupName.toLowerCase() !== LOCAL_GROUP) throw armErrors.unknownGroup(resourceGroupName);
  }

  /** A resource or topic as the scope of subscriptions. @throws ApiError 404, or 400 for what has no events here */
  ofResource(params: ResourceParams): Scope {
    this.checkGroup(params);
    const { resources, topics } = this.#options;
    const { providerNamespace, resourceTypeName, resourceName } = params;
    const type = `${providerNamespace}/${resourceTypeName}`;
    const found = { [COMMUNICATION]: resources, [TOPICS]: topics }[typeOf(params)];
    if (found === undefined) throw armErrors.noSource(type);
    const source = found.byName(resourceName);
    if (source === undefined) throw armErrors.unknownResource(type, resourceName);
    return { source, base: `${source.topic}/providers/${EVENT_GRID}`, type: `${EVENT_GRID}/eventSubscriptions` };
  }

  /** A topic as the parent of subscriptions. @throws ApiError 404, 400 */
  ofTopic(params: TopicParams): Scope {
    this.checkGroup(params);
    const { topicKind, topicName } = params;
    switch (topicKind.toLowerCase()) {
      case 'topics': {
        const source = this.#options.topics.byName(topicName);
        if (source === undefined) throw armErrors.unknownResource(`${EVENT_GRID}/topics`, topicName);
        return { source, base: source.topic, type: `${EVENT_GRID}/topics/eventSubscriptions` };
      }
      case 'systemtopics': {
        const { sourceId, name } = this.#options.systemTopics.get(topicName);
        const source = this.#options.resources.byId(sourceId);
        if (source === undefined) throw armErrors.unknownResource(`${EVENT_GRID}/systemTopics`, topicName);
        return { source, base: armIdOf('systemTopics', name), type: `${EVENT_GRID}/systemTopics/eventSubscriptions` };
      }
      default:
        throw armErrors.noSource(`${EVENT_GRID}/${topicKind}`);
    }
  }

  /** The same, named by its id. @throws ApiError 404, 400 */
  ofId(id: string): Scope {
    const parts = partsOf(id);
    if (parts === undefined) throw armErrors.unknownScope(id);
    return this.ofResource(parts);
  }

  /** The communication resource that an id names. @throws ApiError 400 */
  resourceOf(id: string): EventSource {
    const parts = partsOf(id);
    const isResource = parts !== undefined && typeOf(parts) === COMMUNICATION && isLocal(parts);
    const source = isResource ? this.#options.resources.byName(parts.resourceName) : undefined;
    if (source === undefined) throw armErrors.badSource('is not the id of a communication resource of this server');
    return source;
  }

  /** Where a source lies, and of what type it is; undefined when it is gone. */
  about(sourceId: string): { readonly source: EventSource; readonly topicType: string; readonly location: string } | undefined {
    const { resources, topics } = this.#options;
    const resource = resources.byId(sourceId);
    if (resource !== undefined) return { source: resource, topicType: TOPIC_TYPES.resources, location: 'global' };
    const topic = topics.byId(sourceId);
    return topic && { source: topic, topicType: TOPIC_TYPES.topics, location: topics.get(topic.name).location };
  }
}

const COMMUNICATION = 'microsoft.communication/communicationservices';
const TOPICS = 'microsoft.eventgrid/topics';

const RESOURCE_ID = /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)\/?$/i;

function partsOf(id: string): ResourceParams | undefined {
  const [, subscriptionId, resourceGroupName, providerNamespace, resourceTypeName, resourceName] = RESOURCE_ID.exec(id) ?? [];
  if (subscriptionId === undefined || resourceGroupName === undefined) return undefined;
  if (providerNamespace === undefined || resourceTypeName === undefined || resourceName === undefined) return undefined;
  return { subscriptionId, resourceGroupName, providerNamespace, resourceTypeName, resourceName };
}

function typeOf({ providerNamespace, resourceTypeName }: ResourceParams): string {
  return `${providerNamespace}/${resourceTypeName}`.toLowerCase();
}

function isLocal({ subscriptionId, resourceGroupName }: GroupParams): boolean {
  return subscriptionId.toLowerCase() === LOCAL_SUBSCRIPTION && resourceGroupName?.toLowerCase() === LOCAL_GROUP;
}
