import type { DeadLetterDestination, EventDestination } from '@switchboard/contract';
import type { HttpClient, Sender } from '../../egress/index.ts';
import type { Timers } from '../../lib/timers.ts';
import type { DeadLetterPlace } from '../dead-letters/dead-letter.ts';
import { FolderPlace } from '../dead-letters/folder-place.ts';
import type { Endpoint } from '../delivery/attempt.ts';
import { Calls } from '../delivery/calls.ts';
import { Webhook } from '../delivery/webhook.ts';
import { eventErrors } from '../errors.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { BearerTokens, type TokenIssuer } from './bearer-tokens.ts';
import { BlobPlace } from './blob-place.ts';
import { ProtectedWebhook } from './protected-webhook.ts';
import { StorageAccount, type StorageService } from './storage-account.ts';
import { StorageQueue } from './storage-queue.ts';

export interface DestinationsOptions {
  /** For URLs that subscribers name. */
  readonly client: HttpClient;
  /** For what the operator named, wherever it is. */
  readonly trustedClient: HttpClient;
  /** Real milliseconds since the epoch. */
  readonly realNow: () => number;
  readonly timers: Timers;
  readonly timeoutMs: number;
  /** Where tokens for webhooks come from. */
  readonly tokenIssuer: TokenIssuer | undefined;
  /** Resource id → connection string of a storage account, or URL of a Functions host. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Where dead letters of the kind `Folder` lie; undefined where there is no such place. */
  readonly deadLetterFolder: string | undefined;
}

/** What a definition asks of the endpoints that the operator named. */
export interface EndpointDirectory {
  /** @throws ApiError 400 for a resource that no endpoint is configured for */
  checkEndpoint(destination: EventDestination): void;
  /** @throws ApiError 400 for a place that there is not */
  checkDeadLetters(destination: DeadLetterDestination): void;
}

/** How the URL of a destination is called beside the deliveries. */
export interface Senders {
  /** With a token when the destination asks for one. */
  senderTo(destination: EventDestination): Sender;
}

const FUNCTION = /^(.*)\/functions\/([^/]+)$/i;
/** Webhook of the Functions host (wire/event-grid.md 6). */
const FUNCTION_PATH = '/runtime/webhooks/EventGrid';

/** Finds what stands behind the destinations of subscriptions. */
export class Destinations implements EndpointDirectory, Senders {
  readonly #options: DestinationsOptions;
  readonly #tokens: BearerTokens | undefined;

  constructor(options: DestinationsOptions) {
    this.#options = options;
    const { tokenIssuer, trustedClient: client, timers, timeoutMs } = options;
    this.#tokens = tokenIssuer && new BearerTokens({ ...tokenIssuer, client, timers, timeoutMs });
  }

  checkEndpoint({ endpointType, properties }: EventDestination): void {
    const target = 'destination.properties';
    if (endpointType === 'WebHook') {
      this.#checkTokens(properties?.azureActiveDirectoryApplicationIdOrUri);
      return;
    }
    const id = properties?.resourceId ?? '';
    if (endpointType === 'AzureFunction' && this.#functionUrl(id) === undefined)
      throw noEndpoint(target, id, 'the URL of a Functions host');
    if (endpointType !== 'StorageQueue') return;
    if (this.#account(id, 'queue') === undefined) throw noEndpoint(target, id, 'the connection string of a storage account with queues');
    checkQueue(properties ?? {});
  }

  #checkTokens(application: string | null | undefined): void {
    if (!application || this.#tokens !== undefined) return;
    throw eventErrors.invalid(
      'destination.properties.azureActiveDirectoryApplicationIdOrUri',
      'asks for tokens, and the settings eventTokenIssuer, eventClientId and eventClientSecret do not say where they come from',
    );
  }

  checkDeadLetters({ endpointType, properties }: DeadLetterDestination): void {
    const target = 'deadLetterDestination';
    switch (endpointType) {
      case 'Folder':
        if (this.#options.deadLetterFolder === undefined)
          throw eventErrors.invalid(
            `${target}.endpointType`,
            'is Folder, and a server that keeps nothing has none; start it with --dead-letters',
          );
        return;
      case 'StorageBlob':
        if (this.#account(properties?.resourceId ?? '', 'blob') === undefined)
          throw noEndpoint(`${target}.properties`, properties?.resourceId ?? '', 'the connection string of a storage account with blobs');
        checkStorageName(properties?.blobContainerName, `${target}.properties.blobContainerName`);
        return;
      default:
        throw eventErrors.invalid(`${target}.endpointType`, 'must be StorageBlob or Folder');
    }
  }

  senderTo({ properties }: EventDestination): Sender {
    const { azureActiveDirectoryTenantId: tenantId, azureActiveDirectoryApplicationIdOrUri: application } = properties ?? {};
    const { client } = this.#options;
    if (this.#tokens === undefined || !application) return client;
    return new ProtectedWebhook({ client, tokens: this.#tokens, audience: { tenantId: tenantId ?? '', application } });
  }

  endpointOf(subscription: Subscription): Endpoint {
    const { trustedClient, realNow, timeoutMs } = this.#options;
    const { destination } = subscription;
    const { endpointType, properties } = destination;
    if (endpointType === 'WebHook') {
      const calls = new Calls({ client: this.senderTo(destination), timeoutMs });
      return new Webhook({ calls, subscription, url: new URL(properties?.endpointUrl ?? ''), isAzureResource: false });
    }
    const calls = new Calls({ client: trustedClient, timeoutMs });
    const id = properties?.resourceId ?? '';
    if (endpointType === 'AzureFunction') {
      const url = this.#functionUrl(id);
      return url === undefined ? notConfigured(id) : new Webhook({ calls, subscription, url, isAzureResource: true });
    }
    const account = this.#account(id, 'queue');
    return account === undefined ? notConfigured(id) : new StorageQueue({ calls, realNow, account, subscription });
  }

  /** Where a subscription wants its dead letters kept; undefined when it does not. */
  placeOf({ deadLetter }: Subscription): DeadLetterPlace | undefined {
    if (deadLetter === undefined) return undefined;
    const { deadLetterFolder, trustedClient: client, realNow, timeoutMs } = this.#options;
    if (deadLetter.endpointType === 'Folder')
      return deadLetterFolder === undefined ? noPlace('there is no folder for dead letters any more') : new FolderPlace(deadLetterFolder);
    const { resourceId, blobContainerName } = deadLetter.properties ?? {};
    const account = this.#account(resourceId ?? '', 'blob');
    if (account === undefined) return noPlace(gone(resourceId ?? ''));
    return new BlobPlace({ client, timeoutMs, realNow, account, container: blobContainerName ?? '' });
  }

  #account(resourceId: string, service: StorageService): StorageAccount | undefined {
    const text = this.#options.endpoints.get(resourceId.toLowerCase());
    return text === undefined ? undefined : StorageAccount.parse(text, service);
  }

  /** Of the function itself, or of its host with the function's name. */
  #functionUrl(resourceId: string): URL | undefined {
    const { endpoints } = this.#options;
    const [, site = '', name = ''] = FUNCTION.exec(resourceId) ?? [];
    const text = endpoints.get(resourceId.toLowerCase()) ?? endpoints.get(site.toLowerCase());
    if (text === undefined || !/^https?:/.test(text) || !URL.canParse(text)) return undefined;
    const url = new URL(text);
    if (url.pathname === '/') url.pathname = FUNCTION_PATH;
    if (name !== '' && !url.searchParams.has('functionName')) url.searchParams.set('functionName', name);
    return url;
  }
}

function checkQueue({ queueName, queueMessageTimeToLiveInSeconds }: NonNullable<EventDestination['properties']>): void {
  const target = 'destination.properties';
  checkStorageName(queueName, `${target}.queueName`);
  const seconds = queueMessageTimeToLiveInSeconds ?? -1;
  if (seconds !== -1 && seconds < 1) throw eventErrors.invalid(`${target}.queueMessageTimeToLiveInSeconds`, 'must be at least 1, or -1');
}

/** Queues and containers are named alike. */
function checkStorageName(name: string | null | undefined, target: string): void {
  const { length } = name ?? '';
  if (length < 3 || length > 63 || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name ?? ''))
    throw eventErrors.invalid(target, 'must have 3 to 63 lower-case letters, digits and single hyphens');
}

function noEndpoint(target: string, resourceId: string, what: string) {
  return eventErrors.invalid(
    `${target}.resourceId`,
    `is ${JSON.stringify(resourceId)}, for which the setting eventEndpoints has not ${what}`,
    'Add the resource id to eventEndpoints in the settings file, and start the server again.',
  );
}

/** The operator took the endpoint away: events wait, as for an endpoint that is down. */
function notConfigured(resourceId: string): Endpoint {
  return { isAzureResource: true, deliver: () => Promise.resolve({ outcome: 'NotFound', detail: gone(resourceId) }) };
}

function noPlace(reason: string): DeadLetterPlace {
  return { write: () => Promise.reject(new Error(reason)) };
}

function gone(resourceId: string): string {
  return `the setting eventEndpoints has nothing for ${resourceId} any more`;
}
