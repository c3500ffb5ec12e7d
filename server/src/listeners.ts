import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Timers } from './lib/timers.ts';
import { type HttpServer, LISTENER_OPTIONS, type TlsContexts, type Upgrades } from './http/index.ts';
import { ConfigError } from './config/index.ts';

export interface ListenersOptions {
  readonly http: HttpServer;
  readonly upgrades: Upgrades;
  readonly tls: TlsContexts;
  readonly timers: Timers;
  readonly host: string;
  readonly port: number;
  readonly httpPort: number | undefined;
}

/** The HTTPS listener and, unless switched off, the plain one beside it; both serve the same routes. */
export class Listeners {
  readonly #servers: readonly Server[];
  readonly #timers: Timers;
  readonly #http: HttpServer;
  readonly port: number;
  readonly httpPort: number | undefined;

  private constructor(servers: readonly Server[], { timers, http }: ListenersOptions) {
    this.#servers = servers;
    this.#timers = timers;
    this.#http = http;
    const [port, httpPort] = servers.map((server) => (server.address() as AddressInfo).port);
    this.port = port ?? 0;
    this.httpPort = httpPort;
  }

  /** @throws ConfigError when a port is taken or may not be bound */
  static async open(options: ListenersOptions): Promise<Listeners> {
    const { http, upgrades, tls, host } = options;
    const encrypted = createTlsServer({ ...tls.serverOptions(), ...LISTENER_OPTIONS }, (request, response) =>
      http.handle(request, response),
    );
    http.attach(encrypted);
    tls.attach(encrypted);
    upgrades.attach(encrypted, { encrypted: true });
    const servers: Server[] = [encrypted];
    try {
      await listen(encrypted, { host, port: options.port, flag: '--port' });
      if (options.httpPort !== undefined) {
        const plain = http.createPlainServer();
        upgrades.attach(plain, { encrypted: false });
        servers.push(plain);
        await listen(plain, { host, port: options.httpPort, flag: '--http-port' });
      }
    } catch (error) {
      for (const server of servers) server.close();
      throw error;
    }
    return new Listeners(servers, options);
  }

  /** Takes no new connections; resolves when the requests in flight are answered, or after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#http.drain();
    const closed = Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    for (const server of this.#servers) server.closeIdleConnections();
    const grace = Promise.withResolvers<undefined>();
    const timer = this.#timers.after(graceMs, () => grace.resolve(undefined));
    await Promise.race([closed, grace.promise]);
    timer.cancel();
    for (const server of this.#servers) server.closeAllConnections();
  }
}

function listen(server: Server, options: { readonly host: string; readonly port: number; readonly flag: string }): Promise<void> {
  const { host, port, flag } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(
          new ConfigError(`port ${port} is in use; choose another with ${flag} (0 takes any free one), or stop the program that has it`),
        );
      else if (error.code === 'EACCES')
        reject(new ConfigError(`port ${port} may not be bound by this user; choose one above 1023 with ${flag}`));
      else if (error.code === 'EADDRNOTAVAIL') reject(new ConfigError(`--host ${host} is no address of this machine`));
      else reject(error);
    });
    server.listen({ port, host }, () => resolve());
  });
}
