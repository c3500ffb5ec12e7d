import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type ConnectionOptions, type TlsOptions } from 'node:tls';
import { pino } from 'pino';
import { realNow } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { SystemRandom } from '../../lib/random.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { TlsEnvironment } from './local-authority.ts';
import { TlsContexts, type TlsContextsOptions } from './tls-contexts.ts';

/** What the tests of this folder share. */

/** Patience for what a periodic check does in the background. */
export const POLL = { timeout: 10_000, interval: 10 };

/** A temporary folder, deleted when the scope that holds it ends. */
export async function temporaryFolder(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const root = await mkdtemp(path.join(tmpdir(), 'switchboard-tls-'));
  return { folder: path.join(root, 'tls'), [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

function recordingLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }) };
}

export function environmentAt(nowMs: () => number = realNow): TlsEnvironment & { readonly lines: string[] } {
  return { random: new SystemRandom(), nowMs, ...recordingLog() };
}

/** Timers whose periods pass when the test says so. */
export class ManualTimers implements Timers {
  readonly #periodic = new Set<() => void>();

  monotonicMs(): number {
    return 0;
  }

  after(): Timer {
    throw new Error('not used here');
  }

  every(_periodMs: number, action: () => void): Timer {
    this.#periodic.add(action);
    return { cancel: () => void this.#periodic.delete(action) };
  }

  get running(): number {
    return this.#periodic.size;
  }

  tick(): void {
    for (const action of this.#periodic) action();
  }
}

export interface TestServer extends AsyncDisposable {
  readonly contexts: TlsContexts;
  readonly port: number;
  readonly timers: ManualTimers;
  readonly lines: readonly string[];
}

/** An HTTPS server on a free port of every loopback address, with everything real but time. */
export async function startServer(options: Partial<TlsContextsOptions> = {}): Promise<TestServer> {
  const timers = new ManualTimers();
  const { log, lines } = recordingLog();
  const contexts = await TlsContexts.open({
    extraNames: [],
    isServedName: () => false,
    random: new SystemRandom(),
    timers,
    log,
    ...options,
  });
  const { port, [Symbol.asyncDispose]: stop } = await listen(contexts.serverOptions(), contexts);
  const close = async (): Promise<void> => {
    await contexts.close();
    await stop();
  };
  return { contexts, port, timers, lines, [Symbol.asyncDispose]: close };
}

/** A server with the given options on a free port, attached to `contexts` when there are any. */
export async function listen(options: TlsOptions, contexts?: TlsContexts): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer(options, (_request, response) => void response.end('served'));
  contexts?.attach(server);
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, resolve);
  await listening;
  const close = async (): Promise<void> => {
    const { promise: closed, resolve: done } = Promise.withResolvers<void>();
    server.close(() => done());
    server.closeAllConnections();
    await closed;
  };
  return { port: portOf(server), [Symbol.asyncDispose]: close };
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

export interface Handshake {
  /** Null when the certificate chain and name were verified. */
  readonly problem: string | null;
  readonly certificate: X509Certificate;
  readonly protocol: string | null;
  readonly alpn: string | false | null;
}

/** Makes one TLS connection; rejects when the handshake itself fails, and reports a failed verification. */
export async function handshake(options: ConnectionOptions & { readonly port: number }): Promise<Handshake> {
  const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
  const socket = connect({ host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
    const certificate = new X509Certificate(socket.getPeerCertificate().raw);
    const problem = socket.authorized ? null : String(socket.authorizationError);
    resolve({ problem, certificate, protocol: socket.getProtocol(), alpn: socket.alpnProtocol });
    socket.destroy();
  });
  socket.on('error', reject);
  return promise;
}
