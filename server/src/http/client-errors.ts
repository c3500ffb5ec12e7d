import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import type { ApiError } from '../lib/errors.ts';
import { httpErrors } from './errors.ts';
import { Handshakes } from './tls/handshakes.ts';
import { refusalResponse } from './websocket/handshake.ts';

interface InFlight {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Told of each refusal; gives the headers it is to be answered with. */
export type RefusalListener = (refusal: ApiError) => Readonly<Record<string, string>>;

/**
 * Answers what Node's parser refuses, which never becomes a request of ours, in the envelope of every other refusal. Where
 * answers to earlier requests of the connection are still to come the connection just ends: an answer out of turn would be
 * taken for theirs.
 */
export class ClientErrors {
  readonly #onRefusal: RefusalListener;
  /** By connection, what was asked and is not answered yet. */
  readonly #inFlight = new WeakMap<Duplex, InFlight[]>();
  readonly #handshakes = new Handshakes();

  constructor(onRefusal: RefusalListener) {
    this.#onRefusal = onRefusal;
  }

  attach(server: Server): void {
    if (server instanceof TlsServer) this.#handshakes.attach(server);
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      // OpenSSL knows the first bytes of HTTP where it expected those of TLS.
      if (error.code === 'ERR_SSL_HTTP_REQUEST') this.#onPlainText(socket);
      else this.#onClientError(error, socket);
    });
  }

  /** To be called for each request. @returns to be called when its answer is ready */
  began(request: IncomingMessage, response: ServerResponse): () => void {
    const { socket } = request;
    let all = this.#inFlight.get(socket);
    if (all === undefined) this.#inFlight.set(socket, (all = []));
    const one = { request, response };
    all.push(one);
    return () => all.splice(all.indexOf(one), 1);
  }

  #onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (!isAboutHttp(error) || !socket.writable || !isItsTurn(this.#inFlight.get(socket) ?? [])) {
      socket.destroy();
      return;
    }
    socket.end(this.#responseOf(refusalOf(error.code)), () => socket.destroy());
  }

  /** The connection is closed right after this; so short a text is in the kernel's hands by then. */
  #onPlainText(socket: Socket): void {
    this.#handshakes.below(socket)?.end(this.#responseOf(httpErrors.notEncrypted()));
    socket.destroy();
  }

  #responseOf(refusal: ApiError): string {
    const { status, code, message } = refusal;
    return refusalResponse({ status, code, message, headers: this.#onRefusal(refusal) });
  }
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
