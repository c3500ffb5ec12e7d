// tsyringe, on which x509 stands, refuses to load before this import has run.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { KeyObject, webcrypto } from 'node:crypto';
import { recordingLog } from '../lib/testing.ts';
import { SystemRandom } from '../lib/random.ts';
import { realTimers } from '../lib/timers.ts';
import { SmppClient, type SmppClientOptions } from './client/client.ts';
import { SmppListener } from './listener/listener.ts';
import type { SmppListenerOptions } from './listener/listener-options.ts';
import { STATUS } from './pdu/status.ts';
import { SESSION_LIMITS, type SessionEnd } from './session/session-options.ts';

/** What rooms above this one test with, too. */

export const HOST = '127.0.0.1';
const PASSWORD = 'secret';
const CLOSE_MS = 5_000;
const DAY_MS = 86_400_000;

export interface TestListener extends AsyncDisposable {
  readonly listener: SmppListener;
  readonly port: number;
  /** Who bound, by account and how. */
  readonly binds: readonly string[];
  readonly ends: readonly SessionEnd[];
  readonly logLines: readonly string[];
}

/** An SMSC that lets everybody in who says the password, twice at most; the account is the system id. */
export async function openListener(options: Partial<SmppListenerOptions> = {}): Promise<TestListener> {
  const binds: string[] = [];
  const ends: SessionEnd[] = [];
  const { log, lines } = recordingLog();
  let ids = 0;
  const listener = await SmppListener.open({
    host: HOST,
    port: 0,
    systemId: 'SMSC',
    limits: { maxConnections: 100, maxUnbound: 10, bindTimeoutMs: 10_000 },
    sessionLimits: SESSION_LIMITS,
    timers: realTimers,
    log,
    authenticate: ({ systemId, password }) =>
      Promise.resolve(
        password === PASSWORD
          ? { kind: 'admitted', account: systemId, maxSessions: 2 }
          : { kind: 'refused', status: STATUS.ESME_RINVPASWD },
      ),
    onRequest: () => Promise.resolve({ status: STATUS.ESME_ROK, body: { command: 'submit_sm_resp', messageId: `id-${++ids}` } }),
    onBound: (account, { bindAs }) => void binds.push(`${account} ${bindAs}`),
    onEnd: (_account, end) => void ends.push(end),
    ...options,
  });
  return { listener, port: listener.port, binds, ends, logLines: lines, [Symbol.asyncDispose]: () => listener.close(CLOSE_MS) };
}

export interface TestClient extends AsyncDisposable {
  readonly client: SmppClient;
  /** Resolves when the client is bound again. */
  bound(): Promise<void>;
  /** Resolves with the next end of a session or an attempt. */
  lost(): Promise<SessionEnd>;
}

/** An ESME that has begun to bind to a port of this machine, and tries again soon. */
export function openClient(port: number, options: Partial<SmppClientOptions> = {}): TestClient {
  let bound = Promise.withResolvers<void>();
  let lost = Promise.withResolvers<SessionEnd>();
  const client = new SmppClient({
    target: { host: HOST, port },
    bindAs: 'transceiver',
    systemId: 'esme',
    password: PASSWORD,
    systemType: '',
    addressRange: { ton: 0, npi: 0, address: '' },
    limits: SESSION_LIMITS,
    backOff: { firstMs: 10, mostMs: 50 },
    connectTimeoutMs: 10_000,
    timers: realTimers,
    random: new SystemRandom(),
    log: recordingLog().log,
    onMessage: () => Promise.resolve(STATUS.ESME_ROK),
    ...options,
    onBound() {
      options.onBound?.();
      bound.resolve();
      bound = Promise.withResolvers();
    },
    onLost(end, retryMs) {
      options.onLost?.(end, retryMs);
      lost.resolve(end);
      lost = Promise.withResolvers();
    },
  });
  client.start();
  return { client, bound: () => bound.promise, lost: () => lost.promise, [Symbol.asyncDispose]: () => client.close(CLOSE_MS) };
}

/** A certificate of this machine's loopback address that signs for itself, with its key. */
export async function selfSigned(): Promise<{ readonly cert: string; readonly key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['SMPP tests'] }],
    keys,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: HOST }])],
  });
  return { cert: certificate.toString('pem'), key: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString() };
}
