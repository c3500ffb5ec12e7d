import { isUtf8 } from 'node:buffer';
import { parse as secureParse } from 'secure-json-parse';
import { httpErrors } from './errors.ts';

/** Deeper nesting has no use in any operation and costs stack in everything that walks it. */
export const MAX_JSON_DEPTH = 32;

/**
 * Parses a request body.
 *
 * @throws ApiError 400 for other text than UTF-8 JSON, for keys that reach prototypes, and for nesting beyond 32 levels
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw httpErrors.malformedJson('it is not valid UTF-8');
  if (bytes.length > MAX_JSON_DEPTH && isTooDeep(bytes))
    throw httpErrors.malformedJson(`it is nested more than ${MAX_JSON_DEPTH} levels deep`);
  const value = parse(bytes);
  const mayHide = bytes.includes(BACKSLASH) && ESCAPED_SURROGATE.test(bytes.toString('latin1'));
  const illFormed = mayHide ? illFormedAt(value, '') : undefined;
  if (illFormed !== undefined) throw httpErrors.invalid(illFormed, 'holds half of a surrogate pair, which has no UTF-8 form');
  return value;
}

/** Only an escape can smuggle half a pair into valid UTF-8. */
const ESCAPED_SURROGATE = /\\ud[89a-f]/i;

/** Where a value (of bounded depth) holds a text that could not be stored as it was sent, e.g. `participants[2].displayName`. */
function illFormedAt(value: unknown, target: string): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : target;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, entry] of Object.entries(value)) {
    const name = Array.isArray(value) ? `${target}[${key}]` : target === '' ? key : `${target}.${key}`;
    const found = key.isWellFormed() ? illFormedAt(entry, name) : target;
    if (found !== undefined) return found;
  }
  return undefined;
}

function parse(bytes: Buffer): unknown {
  try {
    return secureParse(bytes.toString('utf8'), { protoAction: 'error', constructorAction: 'error' }) as unknown;
  } catch (error) {
    throw httpErrors.malformedJson(reasonOf(error));
  }
}

/** The parser's reason without its excerpt of the body: message text must not reach logs. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('forbidden prototype')) return 'it contains a forbidden prototype property';
  // Anchored at the end: an excerpt of the body, too, may hold the words.
  const position = /in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message);
  return position === null ? 'it does not parse' : `it does not parse at position ${position[1] ?? ''}`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
  return false;
}
