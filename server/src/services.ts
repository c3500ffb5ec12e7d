import { Chat } from './chat/index.ts';
import { openAdminKey } from './config/index.ts';
import { ensureDefaultResource } from './default-resource.ts';
import { FaultRules } from './faults/index.ts';
import type { Foundation } from './foundation.ts';
import { Authenticator, HttpServer, OriginPolicy, Repeatability, Upgrades } from './http/index.ts';
import { DirectoryTokens, ExchangeService, IdentityService, installIdentityPurge, SigningKeys, TokenService } from './identity/index.ts';
import { realNow } from './lib/clock.ts';
import { RateLimiter } from './limits/index.ts';
import { type Resource, ResourceService } from './resources/index.ts';

/** Every service, each built once. */
export interface Services {
  readonly resources: ResourceService;
  readonly defaultResource: Resource;
  readonly keys: SigningKeys;
  readonly identities: IdentityService;
  readonly exchanges: ExchangeService;
  readonly chat: Chat;
  readonly faults: FaultRules;
  readonly adminKey: string;
  readonly authenticator: Authenticator;
  readonly http: HttpServer;
  readonly upgrades: Upgrades;
}

export async function openServices(base: Foundation): Promise<Services> {
  const { config, storage, clock, random, limits } = base;
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
  const origins = new OriginPolicy(resources);
  const { publicHosts, checkSignatureDates: checkDate, inspect } = config;
  const authenticator = new Authenticator({ resources, tokens, adminKey, publicHosts, realNow, checkDate });
  const faults = new FaultRules({ clock, random, findResource: (name) => resources.find(name)?.id });
  const http = new HttpServer({
    ...base,
    authenticator,
    origins,
    faults: faults.requests,
    maxBodyBytes: limits.value('http.body-bytes'),
    inspect,
  });
  storage.state.onReplaced(({ kind }) => {
    if (kind === 'restored') return;
    http.requests.clear();
    faults.clear();
  });
  const upgrades = new Upgrades({ ...base, origins, requests: http.requests, gate: http.gate });

  const repeatability = new Repeatability({ clock, storage });
  const sessionKey = base.master.derive('live session');
  const chat = new Chat({
    ...base,
    tokens,
    identities,
    resources,
    repeatability,
    rates,
    sessionKey,
    faults,
    offersQuick: config.quickReconnect,
  });
  return { resources, defaultResource, keys, identities, exchanges, chat, faults, adminKey, authenticator, http, upgrades };
}

/** Names under which the server answers for any resource. */
export function sharedHostsOf({ config }: Pick<Foundation, 'config'>): string[] {
  return [config.host, ...config.publicHosts].map((host) => host.replace(/:\d+$/, ''));
}
