import type { IncomingMessage } from 'node:http';
import { httpErrors } from './errors.ts';

const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?))(?::\d{1,5})?$/;

export interface ParsedHost {
  /** Lower case, without port, IPv6 without brackets. */
  readonly hostname: string;
  /** Lower case, with port when one was given. */
  readonly host: string;
}

/** Hosts that were parsed before: clients send the same one with every request. */
const PARSED = new Map<string, ParsedHost>();
const MAX_PARSED = 1_000;

/** A `Host` value's name and port; undefined when it is not a host. */
export function parseHost(value: string): ParsedHost | undefined {
  const known = PARSED.get(value);
  if (known !== undefined) return known;
  const host = value.toLowerCase();
  const match = HOST.exec(host);
  const hostname = match?.[1] ?? match?.[2];
  if (hostname === undefined) return undefined;
  const parsed = { hostname, host };
  if (PARSED.size < MAX_PARSED) PARSED.set(value, parsed);
  return parsed;
}

/**
 * The one `Host` header of a request. Node takes the first of several and lets HTTP/1.0 do without; either would let two
 * parties along the way disagree about who is meant.
 *
 * @throws ApiError 400
 */
export function hostOf(request: IncomingMessage): ParsedHost {
  // Node's parser takes a request line without a version for one.
  if (request.httpVersionMajor !== 1) throw httpErrors.malformedRequest('it is not HTTP/1.1');
  let count = 0;
  const { rawHeaders } = request;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  if (count > 1) throw httpErrors.malformedHost('is given more than once');
  const value = request.headers.host;
  if (value === undefined || value === '') throw httpErrors.malformedHost('is missing');
  const parsed = parseHost(value);
  if (parsed === undefined) throw httpErrors.malformedHost('is not a host name');
  return parsed;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|[a-z0-9-]+\.localhost)$/;

/** Names that resolve to this machine for every browser (RFC 6761 section 6.3) and loopback addresses. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** The host part of an `Origin` header; undefined for `null` and anything malformed. */
export function originHost(origin: string): ParsedHost | undefined {
  const match = /^https?:\/\/(.+)$/i.exec(origin);
  return match === null ? undefined : parseHost(match[1] as string);
}
