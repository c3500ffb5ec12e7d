import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ClockControl, registerAdminRoutes, registerPortal } from './admin/index.ts';
import { Chat, chatMigrations } from './chat/index.ts';
import { type Config, ConfigError, openAdminKey, openDataFolder, type DataFolder } from './config/index.ts';
import { ensureDefaultResource } from './default-resource.ts';
import { Authenticator, HttpServer, OriginPolicy, Repeatability, repeatabilityMigrations, TlsContexts, Upgrades } from './http/index.ts';
import { allIdentityMigrations, DirectoryTokens, ExchangeService, IdentityService, registerIdentityRoutes, SigningKeys, TokenService } from './identity/index.ts';
import { type Clock, RealClock, realNow, VirtualClock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import { SystemRandom } from './lib/random.ts';
import { realTimers } from './lib/timers.ts';
import { Limits } from './limits/index.ts';
import { Listeners } from './listeners.ts';
import { endpointOf, type ReadyLine } from './ready-line.ts';
import { resourceMigrations, ResourceService } from './resources/index.ts';
import { MasterKey, PostgresEngine, type SqlEngine, SqliteEngine, Storage } from './storage/index.ts';
import { VERSION } from './version.ts';

export interface App {
  readonly ready: ReadyLine;
  /** Tells live clients, finishes what is in flight, and closes everything; safe to call twice. */
  close(): Promise<void>;
}

/** Time that requests in flight have to finish. */
const GRACE_MS = 3_500;

/** The composition root: builds each service once, from the bottom up. */
export async function startApp(config: Config, log: Log): Promise<App> {
  const startedMs = realTimers.monotonicMs();
  const random = new SystemRandom();
  const clock: Clock = config.clock === 'virtual' ? new VirtualClock(realNow()) : new RealClock(realTimers);
  const limits = new Limits(config.limits);
  const data = config.data.kind === 'folder' ? openDataFolder(config.data.folder) : undefined;
  const opened: (() => Promise<void> | void)[] = [() => data?.release()];
  try {
    const master = masterKeyOf(config, data, random);
    const engine = await openEngine(config, data, log);
    opened.push(() => engine.close());
    const migrations = [...repeatabilityMigrations, ...resourceMigrations, ...allIdentityMigrations, ...chatMigrations];
    const storage = await Storage.open({ engine, master, clock, random, log, realNow, migrations });
    opened.push(() => storage.due.close());

    const resources = await ResourceService.open({ storage, clock, random, limits, sharedHosts: [config.host, ...config.publicHosts.map(withoutPort)] });
    const local = await ensureDefaultResource(resources, config.accessKey);
    const keys = await SigningKeys.open(storage);
    const tokens = new TokenService({ storage, resources, clock, random, keys });
    const identities = new IdentityService({ storage, clock, random, limits, tokens, revocationDelayMs: config.revocationDelayMs });
    const exchanges = new ExchangeService({ storage, identities, tokens, directory: new DirectoryTokens(config.entra) });
    const repeatability = new Repeatability({ clock, due: storage.due, write: (work) => storage.write(work) });

    const adminKey = openAdminKey({ given: config.adminKey, folder: data?.path, random });
    const origins = new OriginPolicy(resources);
    const authenticator = new Authenticator({ resources, tokens, adminKey, publicHosts: config.publicHosts, realNow, checkDate: config.checkSignatureDates });
    const http = new HttpServer({ authenticator, origins, clock, timers: realTimers, random, log, maxBodyBytes: limits.value('http.body-bytes') });
    const upgrades = new Upgrades({ origins, requests: http.requests, clock, random, log });
    const chat = new Chat({ storage, clock, timers: realTimers, random, limits, log, tokens, identities, resources, repeatability, sessionKey: master.derive('live session') });

    resources.onPurge((tx, resourceId) => identities.purge(tx, resourceId));
    resources.onPurge((tx, resourceId) => exchanges.purge(tx, resourceId));

    let state: 'starting' | 'ready' | 'stopping' = 'starting';
    registerIdentityRoutes(http, { identities, exchanges, keys });
    chat.register(http, upgrades);
    registerAdminRoutes(http, {
      resources,
      identities,
      limits,
      clock: new ClockControl(clock, storage.due),
      isReady: () => state === 'ready',
      status: () => ({
        version: VERSION,
        pid: process.pid,
        endpoint: ready.endpoint,
        ...(ready.httpEndpoint === undefined ? {} : { httpEndpoint: ready.httpEndpoint }),
        ...(ready.caFile === undefined ? {} : { caFile: ready.caFile }),
        database: engine.kind,
        uptimeSeconds: Math.round((realTimers.monotonicMs() - startedMs) / 1000),
        liveConnections: chat.live.size,
      }),
    });
    registerPortal(http, portalFolder());
    await http.ready();
    await storage.due.start();

    const tls = await openTls(config, data, { resources, random, log });
    opened.push(() => tls.close());
    const listeners = await Listeners.open({ http, upgrades, tls, timers: realTimers, host: config.host, port: config.port, httpPort: config.httpPort });
    state = 'ready';

    const endpoint = endpointOf('https', config.host, listeners.port);
    const httpEndpoint = listeners.httpPort === undefined ? undefined : endpointOf('http', config.host, listeners.httpPort);
    const ready: ReadyLine = {
      event: 'ready',
      version: VERSION,
      endpoint,
      ...(httpEndpoint === undefined ? {} : { httpEndpoint }),
      connectionString: `endpoint=${endpoint};accesskey=${local.primaryKey}`,
      ...(tls.caFile === undefined ? {} : { caFile: tls.caFile }),
      portal: `${httpEndpoint ?? endpoint}portal/`,
      adminKey,
      adminUrl: `${httpEndpoint ?? endpoint}admin/`,
      clock: clock.kind,
      limits: limits.preset,
      media: 'unavailable',
      pid: process.pid,
    };
    data?.announce(ready);

    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      state = 'stopping';
      chat.live.close();
      await listeners.close(GRACE_MS);
      chat.live.terminateAll();
      await http.close();
      for (const undo of opened.reverse()) await undo();
    };
    return { ready, close: () => (closing ??= close()) };
  } catch (error) {
    for (const undo of opened.reverse()) await undo();
    throw error;
  }
}

function masterKeyOf(config: Config, data: DataFolder | undefined, random: SystemRandom): MasterKey {
  if (config.masterKey !== undefined) return MasterKey.parse(config.masterKey, 'SWITCHBOARD_MASTER_KEY');
  return data === undefined ? MasterKey.random(random) : MasterKey.open(data.path, random);
}

async function openEngine(config: Config, data: DataFolder | undefined, log: Log): Promise<SqlEngine> {
  if (config.database.kind === 'postgres') {
    const engine = new PostgresEngine({ url: config.database.url });
    const claim = await engine.claim();
    if (claim !== undefined) return engine;
    await engine.close();
    throw new ConfigError('another Switchboard uses this database; several nodes on one database are not supported by this version');
  }
  return new SqliteEngine({
    path: data === undefined ? ':memory:' : join(data.path, 'switchboard.db'),
    onSyncFailure: (error) => {
      // Nothing written since the last good sync can be trusted, and nothing of it was acknowledged.
      log.fatal({ err: error }, 'the disk failed to sync; the server ends so that nothing unsafe is acknowledged');
      process.exit(1);
    },
    onWorkerFailure: (error) => log.error({ err: error }, 'checkpoints stopped; the write-ahead log grows until a restart'),
  });
}

function openTls(config: Config, data: DataFolder | undefined, parts: { readonly resources: ResourceService; readonly random: SystemRandom; readonly log: Log }): Promise<TlsContexts> {
  const { resources, random, log } = parts;
  return TlsContexts.open({
    ...(data === undefined ? {} : { folder: join(data.path, 'tls') }),
    extraNames: [config.host, ...config.publicHosts.map(withoutPort)],
    ...(config.ownCertificate === undefined ? {} : { ownCertificate: config.ownCertificate }),
    isServedName: (name) => resources.byHost(name) !== undefined,
    random,
    timers: realTimers,
    log,
  });
}

function portalFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@switchboard/portal/package.json')), 'dist');
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
