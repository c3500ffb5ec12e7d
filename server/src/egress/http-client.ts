import { Agent as HttpAgent, type ClientRequest, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Timers } from '../lib/timers.ts';
import { EgressError, type EgressPolicy } from './egress-policy.ts';

export interface OutgoingRequest {
  readonly method: 'POST' | 'GET' | 'OPTIONS' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** For all of it: connecting, sending, and the whole answer. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The beginning of the body, at most {@link MOST_ANSWER_BYTES}. */
  readonly body: Buffer;
}

/** Why there was no answer: the network, time, or our own policy. */
export class CallFailure extends Error {
  readonly reason: 'timedOut' | 'unresolved' | 'refused' | 'socket';

  constructor(reason: CallFailure['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CallFailure';
    this.reason = reason;
  }
}

/** Nobody's answer needs more; the rest of a longer one is not read. */
export const MOST_ANSWER_BYTES = 65_536;
/** Idle connections kept for each endpoint. */
const KEPT_CONNECTIONS = 8;
const KEPT_MS = 30_000;

export interface HttpClientOptions {
  readonly timers: Timers;
  readonly policy: EgressPolicy;
  /** Certificates (PEM) trusted beside those that Node trusts: the server's own authority, or an operator's. */
  readonly trusted: readonly string[];
}

/**
 * Calls endpoints that others name: bounded in time and in what it reads, redirects not followed, connected only to an
 * address that the policy allows.
 */
export class HttpClient {
  readonly #timers: Timers;
  readonly #policy: EgressPolicy;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor({ timers, policy, trusted }: HttpClientOptions) {
    this.#timers = timers;
    this.#policy = policy;
    const keep = { keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS, timeout: KEPT_MS };
    this.#http = new HttpAgent(keep);
    this.#https = new HttpsAgent({ ...keep, ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' });
  }

  /** @throws CallFailure when there was no answer in time, or no connection */
  async send(wanted: OutgoingRequest): Promise<HttpAnswer> {
    try {
      this.#policy.check(wanted.url);
    } catch (error) {
      throw failureOf(error);
    }
    const answered = Promise.withResolvers<HttpAnswer>();
    const outgoing = this.#open(wanted);
    const timer = this.#timers.after(wanted.timeoutMs, () =>
      outgoing.destroy(new CallFailure('timedOut', `no answer within ${wanted.timeoutMs / 1000} s`)),
    );
    outgoing.on('error', (error) => answered.reject(failureOf(error)));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = (): void =>
        answered.resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, MOST_ANSWER_BYTES - bytes));
        bytes += chunk.length;
        if (bytes < MOST_ANSWER_BYTES) return;
        finish();
        outgoing.destroy();
      });
      response.on('end', finish);
      // The status has come: what is missing of the body changes nothing for whoever asked.
      response.on('close', finish);
    });
    outgoing.end(wanted.body);
    try {
      return await answered.promise;
    } finally {
      timer.cancel();
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #open({ method, url, headers, body }: OutgoingRequest): ClientRequest {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, lookup: this.#policy.lookup };
    return url.protocol === 'https:'
      ? requestHttps(url, { ...options, agent: this.#https })
      : requestHttp(url, { ...options, agent: this.#http });
  }
}

function failureOf(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof EgressError) return new CallFailure('refused', error.message, error);
  const { code, message } = error as NodeJS.ErrnoException;
  const unresolved = code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA';
  return new CallFailure(unresolved ? 'unresolved' : 'socket', message, error);
}
