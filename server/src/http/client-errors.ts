import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiError } from '../lib/errors.ts';
import { type Random, uuid } from '../lib/random.ts';
import { httpErrors } from './errors.ts';
import { refusalResponse } from './websocket/handshake.ts';

interface InFlight {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Told of each refusal, with the id that was answered. */
export type ClientErrorSink = (requestId: string, refusal: ApiError) => void;

/**
 * Answers what Node's parser refuses, which never becomes a request of ours, in the envelope of every other refusal. Where
 * answers to earlier requests of the connection are still to come the connection just ends: an answer out of turn would be
 * taken for theirs.
 */
export function answerClientErrors(server: Server, options: { readonly random: Random; readonly sink: ClientErrorSink }): void {
  const inFlight = new WeakMap<Duplex, Set<InFlight>>();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const all = inFlight.get(socket) ?? new Set();
    const one = { request, response };
    inFlight.set(socket, all.add(one));
    response.once('close', () => all.delete(one));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!isAboutHttp(error) || !socket.writable || !isItsTurn([...(inFlight.get(socket) ?? [])])) {
      socket.destroy();
      return;
    }
    const refusal = refusalOf(error.code);
    const requestId = uuid(options.random);
    options.sink(requestId, refusal);
    const cv = `${options.random.bytes(12).toString('base64').slice(0, 16)}.0`;
    const { status, code, message } = refusal;
    socket.end(refusalResponse({ status, code, message, headers: { 'x-ms-request-id': requestId, 'ms-cv': cv } }), () => socket.destroy());
  });
}

/** TLS failures and lost connections come this way too; nobody is there to be told. */
function isAboutHttp({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

/** Nothing is in flight, or only the request whose own body is what could not be read. */
function isItsTurn(inFlight: readonly InFlight[]): boolean {
  const [first, ...others] = inFlight;
  return others.length === 0 && (first === undefined || (!first.request.complete && !first.response.headersSent));
}

function refusalOf(code: string | undefined): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return httpErrors.headersTooLarge();
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return httpErrors.malformedRequest('its chunk extensions are too long');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return httpErrors.malformedRequest('it did not arrive in time');
    default:
      return httpErrors.malformedRequest('it is not HTTP/1.1');
  }
}
