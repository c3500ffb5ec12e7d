import { hash } from 'node:crypto';
import { STATUS_CODES, validateHeaderValue, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '@switchboard/contract';

/** RFC 6455 section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const VERSION = '13';
/** 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** A token of RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Why an upgrade is refused, as the caller will see it. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Further response headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type UpgradeCheck =
  | { readonly ok: true; readonly key: string; readonly offeredProtocols: readonly string[] }
  | { readonly ok: false; readonly refusal: UpgradeRefusal };

type UpgradeRequest = Pick<IncomingMessage, 'method' | 'httpVersion' | 'headers'>;

/**
 * Checks the form of an opening handshake, RFC 6455 section 4.2.1. Path, `Host`, `Origin` and credentials are the caller's
 * to check.
 */
export function checkUpgrade(request: UpgradeRequest): UpgradeCheck {
  const { headers } = request;
  const key = headers['sec-websocket-key'] ?? '';
  if (request.method !== 'GET')
    return refuse({ status: 405, code: 'MethodNotAllowed', message: 'A socket is opened by GET.', headers: { Allow: 'GET' } });
  if (request.httpVersion !== '1.1') return badRequest('A socket is opened over HTTP/1.1.');
  if (!listHas(headers.upgrade, 'websocket')) return badRequest("The header 'Upgrade' must name 'websocket'.");
  if (!listHas(headers.connection, 'upgrade')) return badRequest("The header 'Connection' must name 'Upgrade'.");
  if (hasBody(headers)) return badRequest('An opening handshake has no body.');
  if (headers['sec-websocket-version'] !== VERSION) return wrongVersion();
  if (!KEY.test(key)) return badRequest("The header 'Sec-WebSocket-Key' must be 16 bytes in base64.");
  return { ok: true, key, offeredProtocols: listOf(headers['sec-websocket-protocol']).filter((name) => TOKEN.test(name)) };
}

/**
 * The complete 101 response. It accepts no extension, so every frame that sets a reserved bit is an error.
 *
 * @param key from {@link checkUpgrade}
 * @param protocol one of the offered sub-protocols; a client fails the connection on any other
 */
export function switchingProtocols(key: string, protocol?: string): string {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  lines.push(`Sec-WebSocket-Accept: ${hash('sha1', key + ACCEPT_GUID, 'base64')}`);
  if (protocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/**
 * The complete response that refuses an upgrade, with the error envelope.
 *
 * @throws TypeError when a header value would break out of its line
 */
export function refusalResponse(refusal: UpgradeRefusal): string {
  const { status, code, message } = refusal;
  const body = JSON.stringify({ error: { code, message } });
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Connection: close', 'Content-Type: application/json; charset=utf-8'];
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`, `x-ms-error-code: ${code}`);
  for (const [name, value] of Object.entries(refusal.headers ?? {})) {
    validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Answers an upgrade with a refusal and lets go of its socket, whatever the client does. */
export function refuseUpgrade(socket: Duplex, refusal: UpgradeRefusal): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  // Bytes left unread would turn the end into a reset, which can overtake the response.
  socket.resume();
  socket.end(refusalResponse(refusal));
}

function refuse(refusal: UpgradeRefusal): UpgradeCheck {
  return { ok: false, refusal };
}

function badRequest(message: string): UpgradeCheck {
  return refuse({ status: 400, code: 'BadRequest', message });
}

/** RFC 6455 section 4.4: the answer names the version that is spoken. */
function wrongVersion(): UpgradeCheck {
  const message = `The header 'Sec-WebSocket-Version' must be ${VERSION}.`;
  return refuse({ status: 426, code: 'UpgradeRequired', message, headers: { Upgrade: 'websocket', 'Sec-WebSocket-Version': VERSION } });
}

/** The bytes of a body would be read as frames, so whoever controls a body would control frames. */
function hasBody(headers: UpgradeRequest['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function listHas(header: string | undefined, name: string): boolean {
  return listOf(header).some((item) => item.toLowerCase() === name);
}

function listOf(header: string | undefined): string[] {
  return (header ?? '').split(',').map((item) => item.trim());
}
