import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ClockControl, type Fixtures, registerAdminRoutes, registerPortal, type StateControl } from './admin/index.ts';
import { readCertificates } from './certificates.ts';
import { Closer } from './closer.ts';
import type { Config } from './config/index.ts';
import { type Foundation, openFoundation } from './foundation.ts';
import { registerEventGridRoutes, registerPublishRoute, registerValidationRoutes } from './events/index.ts';
import { TlsContexts } from './http/index.ts';
import { registerIdentityRoutes } from './identity/index.ts';
import type { Log } from './lib/log.ts';
import { Listeners } from './listeners.ts';
import { openFixtures, openStateControl } from './new-state.ts';
import { banner, endpointOf, type ReadyLine } from './ready-line.ts';
import { openServices, type Services, sharedHostsOf } from './services.ts';
import { VERSION } from './version.ts';

export interface App {
  readonly ready: ReadyLine;
  /** The same for people. */
  readonly banner: string;
  /** Tells live clients, finishes what is in flight, and closes everything; safe to call twice. */
  close(): Promise<void>;
}

interface Lifecycle {
  state: 'starting' | 'ready' | 'stopping';
  ready: ReadyLine | undefined;
  /** Resolves with the address that others are told. */
  readonly listens: PromiseWithResolvers<URL>;
}

/** Time that requests in flight have to finish. */
const GRACE_MS = 3_500;

/** The composition root: foundation, services, routes, listeners. What was opened is closed again when a step fails. */
export async function startApp(config: Config, log: Log): Promise<App> {
  const closer = new Closer();
  try {
    const base = await openFoundation(config, log, closer);
    const now: Lifecycle = { state: 'starting', ready: undefined, listens: Promise.withResolvers() };
    const services = await openServices(base, () => now.listens.promise);
    const { fixtures, first } = openFixtures(base, services);
    registerRoutes(base, { ...services, fixtures, state: openStateControl(base, services, first) }, now);
    const tls = await openTls(base, services);
    closer.add(() => tls.close());
    const authorities = [tls.caPem, ...base.config.trustedCaFiles.map(readCertificates)];
    for (const client of [services.client, services.trustedClient]) {
      client.trust(authorities);
      closer.add(() => client.close());
    }

    await first.load();
    await services.chat.start();
    // Before anything listens, so that no request finds the subscriptions missing. An endpoint that calls back when it is told
    // something finds the listeners: they open sooner than a connection to it does.
    await services.events.start();
    closer.add(() => services.events.close());
    await services.sms.start();
    closer.add(() => services.sms.close());

    const caFile = tls.caFile ?? publishAuthority(tls.caPem, closer);
    const listeners = await Listeners.open({
      ...services,
      tls,
      timers: base.timers,
      host: config.host,
      port: config.port,
      httpPort: config.httpPort,
    });
    const ready = readyLine(base, services, { listeners, caFile });
    Object.assign(now, { state: 'ready', ready });
    now.listens.resolve(selfUrlOf(ready, config.publicHosts));
    base.data?.announce({ ...ready, drainMs: config.drainMs });
    closer.add(() => stopServing(services, listeners, config.drainMs));
    // However much fell due while no server ran: it is done beside the requests.
    base.storage.due.start({ isAlone: true });
    return {
      ready,
      banner: banner(ready),
      close: () => {
        now.state = 'stopping';
        return closer.close();
      },
    };
  } catch (error) {
    await closer.close();
    throw error;
  }
}

interface Served extends Services {
  readonly fixtures: Fixtures;
  readonly state: StateControl;
}

function registerRoutes(base: Foundation, services: Served, now: Readonly<Lifecycle>): void {
  const { http, chat, events, upgrades } = services;
  const startedMs = base.timers.monotonicMs();
  registerIdentityRoutes(http, services);
  chat.register(http, upgrades);
  services.phoneNumbers.register(http);
  services.sms.register(http);
  registerValidationRoutes(http, events);
  registerPublishRoute(http, { ...base, ...services });
  registerEventGridRoutes(http, { ...services, resources: services.resourceSources });
  registerAdminRoutes(http, {
    ...services,
    limits: base.limits,
    clock: new ClockControl({ clock: base.clock, due: base.storage.due, deliveries: services.events, sms: services.sms }),
    isReady: () => now.state === 'ready',
    status: () => {
      const { endpoint = '', httpEndpoint, caFile = '' } = now.ready ?? {};
      return {
        version: VERSION,
        pid: process.pid,
        endpoint,
        ...(httpEndpoint === undefined ? {} : { httpEndpoint }),
        caFile,
        database: base.databaseKind,
        uptimeSeconds: Math.round((base.timers.monotonicMs() - startedMs) / 1000),
        liveConnections: chat.live.size,
        unreadBytes: base.backlog.bytes,
      };
    },
  });
  registerPortal(http, portalFolder());
}

function openTls(base: Foundation, { resources, topics }: Services): Promise<TlsContexts> {
  const { config, data, random, timers, log } = base;
  return TlsContexts.open({
    ...(data === undefined ? {} : { folder: join(data.path, 'tls') }),
    extraNames: sharedHostsOf(base),
    ...(config.ownCertificate === undefined ? {} : { ownCertificate: config.ownCertificate }),
    isServedName: (name) => resources.byHost(name) !== undefined || topics.byHost(name) !== undefined,
    random,
    timers,
    log,
  });
}

/** A public name where one is configured; else the plain address, which needs no trust in our certificate authority. */
function selfUrlOf({ endpoint, httpEndpoint }: ReadyLine, [publicHost]: readonly string[]): URL {
  return new URL(publicHost === undefined ? (httpEndpoint ?? endpoint) : `https://${publicHost}`);
}

function readyLine(base: Foundation, services: Services, open: { readonly listeners: Listeners; readonly caFile: string }): ReadyLine {
  const { listeners, caFile } = open;
  const endpoint = endpointOf('https', base.config.host, listeners.port);
  const httpEndpoint = listeners.httpPort === undefined ? undefined : endpointOf('http', base.config.host, listeners.httpPort);
  return {
    event: 'ready',
    version: VERSION,
    endpoint,
    ...(httpEndpoint === undefined ? {} : { httpEndpoint }),
    connectionString: `endpoint=${endpoint};accesskey=${services.defaultResource.primaryKey}`,
    caFile,
    portal: `${httpEndpoint ?? endpoint}portal/`,
    adminKey: services.adminKey,
    adminUrl: `${httpEndpoint ?? endpoint}admin/`,
    clock: base.clock.kind,
    ...(base.config.seed === undefined ? {} : { seed: base.config.seed }),
    limits: base.limits.preset,
    media: 'unavailable',
    pid: process.pid,
  };
}

async function stopServing({ chat, sms, events, http }: Services, listeners: Listeners, drainMs: number): Promise<void> {
  // From here on a balancer in front finds another node for each request.
  http.drain();
  chat.inbox.close();
  sms.inbox.close();
  await chat.disconnections.close();
  await chat.live.drain(drainMs);
  chat.live.close();
  // Beside the requests in flight: some of them wait for events, and attempts under way may take as long as they do.
  const delivered = events.close();
  await listeners.close(GRACE_MS);
  chat.live.terminateAll();
  await delivered;
}

/** A server that keeps nothing still has clients that must trust it: its public certificate lies in a temporary file. */
function publishAuthority(caPem: string, closer: Closer): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
  closer.add(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, caPem);
  return file;
}

function portalFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@switchboard/portal/package.json')), 'dist');
}
