import type { Operation } from '@switchboard/contract';
import type { ApiError } from '../../lib/errors.ts';
import type { Caller, Exchange } from '../exchange.ts';

/**
 * One finished request as the log keeps it: references to what was there anyway. What people read is made of it when they
 * ask (`recordOf`, `detailOf`), so that a request nobody looks at costs next to nothing.
 */
export interface RequestEntry {
  readonly id: string;
  /** Milliseconds since the epoch, as the product's clock showed when the answer had left. */
  readonly answeredAtMs: number;
  readonly durationMs: number;
  readonly method: string;
  /** As received; its query may hold credentials. */
  readonly target: string;
  /** 0 when the connection was cut before there was an answer. */
  readonly status: number;
  /** Undefined for upgrades, files, unknown paths, and what was no request at all. */
  readonly operation: Operation | undefined;
  readonly caller: Caller | undefined;
  readonly refusal: ApiError | undefined;
  readonly fault?: Exchange['fault'];
  /** Headers and bodies, as long as the log keeps them. */
  traffic: Traffic | undefined;
}

/** What was received and sent beyond the first lines. */
export interface Traffic {
  /** Names and values in turn, as Node hands them out, without credentials. */
  readonly requestHeaders: readonly string[];
  readonly requestBody: Body | undefined;
  readonly responseHeaders: readonly string[];
  readonly responseBody: Body | undefined;
}

export interface Body {
  /** All of it, or the beginning. */
  readonly shown: string;
  /** Length of the whole. */
  readonly bytes: number;
  readonly isWhole: boolean;
}

/** How much of a body is kept. */
const SHOWN_BYTES = 16_384;

/**
 * Keeps a text that was sent by reference where it is small; of everything else a copy of the beginning, so that the rest can go:
 * received bytes may be part of a larger chunk, with the credentials of their request in it. As text, because the collector has
 * far more to do for a buffer.
 */
export function bodyOf(content: string | Buffer | undefined): Body | undefined {
  if (content === undefined || content.length === 0) return undefined;
  const isWhole = content.length <= SHOWN_BYTES;
  if (typeof content !== 'string') return { shown: content.toString('utf8', 0, SHOWN_BYTES), bytes: content.length, isWhole };
  return { shown: isWhole ? content : ownCopy(content.slice(0, SHOWN_BYTES)), bytes: Buffer.byteLength(content), isWhole };
}

/** A slice as a text of its own: it would keep the whole. */
export function ownCopy(slice: string): string {
  return Buffer.from(slice).toString();
}

/** Bytes of an entry's own, apart from its headers and bodies. */
const OWN_BYTES = 512;

/** About how much memory headers and bodies take. */
export function weightOf({ requestHeaders, requestBody, responseHeaders, responseBody }: Traffic): number {
  let bytes = OWN_BYTES + (requestBody?.shown.length ?? 0) + (responseBody?.shown.length ?? 0);
  for (const text of requestHeaders) bytes += text.length;
  for (const text of responseHeaders) bytes += text.length;
  return bytes;
}
