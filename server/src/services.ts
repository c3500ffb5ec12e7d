import { Chat } from './chat/index.ts';
import { openAdminKey } from './config/index.ts';
import { ensureDefaultResource } from './default-resource.ts';
import { join } from 'node:path';
import { EgressPolicy, HttpClient } from './egress/index.ts';
import { armIdOf, CustomTopics, type EventSource, type EventSources, Events, Destinations, SystemTopics } from './events/index.ts';
import { FaultRules } from './faults/index.ts';
import type { Foundation } from './foundation.ts';
import { Authenticator, HttpServer, OriginPolicy, Repeatability, Upgrades } from './http/index.ts';
import { DirectoryTokens, ExchangeService, IdentityService, installIdentityPurge, SigningKeys, TokenService } from './identity/index.ts';
import { realNow } from './lib/clock.ts';
import { RateLimiter } from './limits/index.ts';
import { PhoneNumbers } from './phone-numbers/index.ts';
import { type Resource, ResourceService } from './resources/index.ts';
import { Sms } from './sms/index.ts';

/** Every service, each built once. */
export interface Services {
  readonly resources: ResourceService;
  readonly defaultResource: Resource;
  readonly keys: SigningKeys;
  readonly identities: IdentityService;
  readonly exchanges: ExchangeService;
  /** What has events: resources, and custom topics. */
  readonly sources: EventSources;
  readonly resourceSources: EventSources;
  readonly topics: CustomTopics;
  readonly systemTopics: SystemTopics;
  readonly events: Events;
  /** Calls endpoints that others name. */
  readonly client: HttpClient;
  /** Calls what the operator named. */
  readonly trustedClient: HttpClient;
  readonly chat: Chat;
  readonly rates: RateLimiter;
  readonly phoneNumbers: PhoneNumbers;
  readonly sms: Sms;
  readonly faults: FaultRules;
  readonly adminKey: string;
  readonly authenticator: Authenticator;
  readonly http: HttpServer;
  readonly upgrades: Upgrades;
}

/** @param selfUrl where others reach this server, as soon as it listens */
export async function openServices(base: Foundation, selfUrl: () => Promise<URL>): Promise<Services> {
  const { config, storage, clock, random } = base;
  const resources = await ResourceService.open({ ...base, sharedHosts: sharedHostsOf(base) });
  const defaultResource = await ensureDefaultResource(resources, config.accessKey);
  const keys = await SigningKeys.open(storage);
  const tokens = new TokenService({ ...base, resources, keys });
  const rates = new RateLimiter(clock);
  storage.state.onReplaced(() => rates.clear());
  const identities = new IdentityService({ ...base, tokens, rates, revocationDelayMs: config.revocationDelayMs });
  const exchanges = new ExchangeService({
    storage,
    clock,
    identities,
    tokens,
    rates,
    directory: new DirectoryTokens(config.entra, base.timers),
  });
  installIdentityPurge({ ...base, resources, exchanges });

  const adminKey = openAdminKey({ given: config.adminKey, folder: base.data?.path, random });
  const { publicHosts, checkSignatureDates: checkDate } = config;
  const faults = new FaultRules({ clock, random, findResource: (name) => resources.find(name)?.id });
  const eventing = await openEvents(base, { resources, faults, selfUrl });
  resources.onPurge((tx, resourceId) => eventing.events.subscriptions.removeAllOf(tx, resourceId));
  const { topics } = eventing;
  const origins = new OriginPolicy(resources, topics);
  const authenticator = new Authenticator({ resources, tokens, topics, adminKey, publicHosts, realNow, checkDate });
  const http = openHttp(base, { authenticator, origins, faults });
  storage.state.onReplaced(({ kind }) => {
    if (kind === 'restored') return;
    http.requests.clear();
    faults.clear();
  });
  const upgrades = new Upgrades({ ...base, origins, requests: http.requests, gate: http.gate });
  const chat = new Chat({
    ...base,
    tokens,
    identities,
    resources,
    repeatability: new Repeatability({ clock, storage }),
    rates,
    events: eventing.events,
    sessionKey: base.master.derive('live session'),
    faults,
    offersQuick: config.quickReconnect,
  });
  const phoneNumbers = new PhoneNumbers({ ...base, resources, operationMs: config.phoneNumberOperationMs });
  const sms = new Sms({
    ...base,
    events: eventing.events,
    numbers: phoneNumbers,
    inDoubt: config.smsInDoubt,
    reassemblyMs: config.smsReassemblyMs,
  });
  const own = { adminKey, authenticator, http, upgrades };
  return { resources, defaultResource, keys, identities, exchanges, ...eventing, chat, phoneNumbers, sms, rates, faults, ...own };
}

function openHttp(
  base: Foundation,
  {
    authenticator,
    origins,
    faults,
  }: { readonly authenticator: Authenticator; readonly origins: OriginPolicy; readonly faults: FaultRules },
): HttpServer {
  const maxBodyBytes = base.limits.value('http.body-bytes');
  return new HttpServer({ ...base, authenticator, origins, faults: faults.requests, maxBodyBytes, inspect: base.config.inspect });
}

type Eventing = Pick<Services, 'sources' | 'resourceSources' | 'topics' | 'systemTopics' | 'events' | 'client' | 'trustedClient'>;

async function openEvents(
  base: Foundation,
  {
    resources,
    faults,
    selfUrl,
  }: { readonly resources: ResourceService; readonly faults: FaultRules; readonly selfUrl: () => Promise<URL> },
): Promise<Eventing> {
  const { egress, inspect, deliveryTimeoutMs: timeoutMs, deadLetterDelayMs, eventEndpoints, eventTokens, deadLetterFolder } = base.config;
  const resourceSources = sourcesOf(resources);
  const topics = await CustomTopics.open({ ...base, isTaken: (name) => resources.find(name) !== undefined });
  const systemTopics = await SystemTopics.open(base);
  const sources: EventSources = {
    byId: (id) => resourceSources.byId(id) ?? topics.byId(id),
    byName: (name) => resourceSources.byName(name) ?? topics.byName(name),
  };
  const client = new HttpClient({ ...base, policy: new EgressPolicy(egress) });
  const trustedClient = new HttpClient({ ...base, policy: new EgressPolicy('any') });
  const settings = { inspect, timeoutMs, deadLetterDelayMs };
  const destinations = new Destinations({
    ...base,
    client,
    trustedClient,
    realNow,
    timeoutMs,
    endpoints: eventEndpoints,
    tokenIssuer: eventTokens,
    deadLetterFolder: deadLetterFolder ?? (base.data && join(base.data.path, 'dead-letters')),
  });
  const events = new Events({ ...base, ...settings, destinations, sources, faults: faults.deliveries, selfUrl, realNow });
  return { sources, resourceSources, topics, systemTopics, client, trustedClient, events };
}

/** Resources as sources of events. Until they have subscriptions and groups of their own, all lie in those of a local start. */
function sourcesOf(resources: ResourceService): EventSources {
  const sourceOf = (resource: Resource | undefined): EventSource | undefined =>
    resource && {
      id: resource.id,
      name: resource.name,
      topic: armIdOf('communicationServices', resource.name),
    };
  return { byId: (id) => sourceOf(resources.byId(id)), byName: (name) => sourceOf(resources.find(name)) };
}

/** Names under which the server answers for any resource. */
export function sharedHostsOf({ config }: Pick<Foundation, 'config'>): string[] {
  return [config.host, ...config.publicHosts].map((host) => host.replace(/:\d+$/, ''));
}
