import { Agent as HttpAgent, type ClientRequest, type ClientRequestArgs, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { getCACertificates } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import type { Timers } from '../lib/timers.ts';
import { CallFailure, failureOf } from './call-failure.ts';
import type { CallGroup } from './call-group.ts';
import type { EgressPolicy } from './egress-policy.ts';

export interface OutgoingRequest {
  readonly method: 'POST' | 'GET' | 'OPTIONS' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** For all of it: connecting, sending, and the whole answer. */
  readonly timeoutMs: number;
  /** Whose end ends the call early, as a failure. */
  readonly group?: CallGroup | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The beginning of the body, at most {@link MOST_ANSWER_BYTES}; less when the rest did not come in time. */
  readonly body: Buffer;
}

/** Nobody's answer needs more; the rest of a longer one is not read. */
export const MOST_ANSWER_BYTES = 65_536;
const MOST_HEADER_BYTES = 16_384;
/** Idle connections kept for each endpoint. */
const KEPT_CONNECTIONS = 8;
const KEPT_MS = 30_000;

/** Sends requests; an {@link HttpClient}, or what stands before one. */
export interface Sender {
  /** @throws CallFailure when there was no answer in time, or no connection */
  send(wanted: OutgoingRequest): Promise<HttpAnswer>;
}

export interface HttpClientOptions {
  readonly timers: Timers;
  readonly policy: EgressPolicy;
}

/**
 * Calls endpoints that others name: bounded in time and in what it reads, redirects not followed, connected only to an
 * address that the policy allows.
 */
export class HttpClient implements Sender {
  readonly #timers: Timers;
  readonly #policy: EgressPolicy;
  readonly #http: HttpAgent;
  /** Where URLs lead, in Node's words: taken apart once for an endpoint that is called again and again. */
  readonly #targets = new WeakMap<URL, ClientRequestArgs>();
  #https: HttpsAgent;

  constructor({ timers, policy }: HttpClientOptions) {
    this.#timers = timers;
    this.#policy = policy;
    this.#http = new HttpAgent(KEEP);
    this.#https = httpsAgent([]);
  }

  /** @param certificates (PEM) trusted from now on, beside those that Node trusts */
  trust(certificates: readonly string[]): void {
    this.#https.destroy();
    this.#https = httpsAgent(certificates);
  }

  async send(wanted: OutgoingRequest): Promise<HttpAnswer> {
    const { url, timeoutMs, group } = wanted;
    if (group?.isOver === true) throw abandoned();
    try {
      this.#policy.check(url);
    } catch (error) {
      throw failureOf(error);
    }
    const call = new Call();
    const overdue = this.#timers.after(timeoutMs, () => call.end(new CallFailure('timedOut', `no answer within ${timeoutMs / 1000} s`)));
    const giveUp = (): void => call.end(abandoned());
    group?.add(giveUp);
    try {
      return await this.#sendIn(call, wanted);
    } finally {
      overdue.cancel();
      group?.delete(giveUp);
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #sendIn(call: Call, wanted: OutgoingRequest): Promise<HttpAnswer> {
    const outgoing = this.#open(wanted);
    call.outgoing = outgoing;
    try {
      return await answerTo(outgoing, wanted.body);
    } catch (error) {
      // An endpoint may close an idle connection in the moment in which we take it: that says nothing of the endpoint.
      if (!outgoing.reusedSocket || call.isOver || !isCut(error)) throw failureOf(error);
      return await this.#sendIn(call, wanted);
    }
  }

  #open(wanted: OutgoingRequest): ClientRequest {
    const { method, url } = wanted;
    const options = {
      ...this.#targetOf(url),
      method,
      headers: rawHeadersOf(wanted),
      lookup: this.#policy.lookup,
      maxHeaderSize: MOST_HEADER_BYTES,
    };
    return url.protocol === 'https:' ? requestHttps({ ...options, agent: this.#https }) : requestHttp({ ...options, agent: this.#http });
  }

  #targetOf(url: URL): ClientRequestArgs {
    let target = this.#targets.get(url);
    if (target === undefined) {
      const { protocol, hostname, port, path } = urlToHttpOptions(url);
      target = { protocol, hostname, port, path };
      this.#targets.set(url, target);
    }
    return target;
  }
}

/** Names and values in turn, the form that Node sends as it is. */
function rawHeadersOf({ url, headers, body }: OutgoingRequest): string[] {
  const raw = ['Host', url.host];
  for (const [name, value] of Object.entries(headers)) raw.push(name, value);
  if (body !== undefined) raw.push('Content-Length', String(Buffer.byteLength(body)));
  return raw;
}

const KEEP = { keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS, timeout: KEPT_MS };

function httpsAgent(certificates: readonly string[]): HttpsAgent {
  return new HttpsAgent({ ...KEEP, ca: [...getCACertificates('default'), ...certificates], minVersion: 'TLSv1.2' });
}

/** A call with its present request. */
class Call {
  outgoing: ClientRequest | undefined;
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  end(reason: CallFailure): void {
    this.#isOver = true;
    this.outgoing?.destroy(reason);
  }
}

/** Resolves with the answer, or with what has come of it when the request is destroyed. */
function answerTo(outgoing: ClientRequest, body: Buffer | string | undefined): Promise<HttpAnswer> {
  const answered = Promise.withResolvers<HttpAnswer>();
  const fail = (error: Error): void => answered.reject(error);
  // An endpoint that switches protocols, for example, gives no error.
  const failUnanswered = (): void => fail(new CallFailure('socket', 'the connection was closed before an answer came'));
  outgoing.on('error', fail).on('close', failUnanswered);
  outgoing.on('response', (response) => {
    // The status has come: what is missing of the body changes nothing for whoever asked.
    outgoing.off('error', fail).off('close', failUnanswered);
    outgoing.on('error', () => undefined);
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
    for (const event of ['end', 'error', 'close']) response.on(event, finish);
  });
  outgoing.end(body);
  return answered.promise;
}

function isCut(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function abandoned(): CallFailure {
  return new CallFailure('abandoned', 'the call was given up');
}
