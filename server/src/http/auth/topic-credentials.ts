import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { topicErrors } from '../topic-errors.ts';
import type { TopicDirectory, TopicRef } from '../ports.ts';

export interface TopicQuestion {
  readonly request: IncomingMessage;
  /** As the path names it. */
  readonly name: string;
  readonly topics: TopicDirectory;
  /** Real milliseconds since the epoch: publishers take their dates from it, also where the server's clock is virtual. */
  readonly nowMs: number;
}

/**
 * The topic that a request publishes to, once it has shown one of the topic's keys or a signature made with it
 * (wire/event-grid.md 3).
 *
 * @throws ApiError 401, or 404 for a topic that is not there
 */
export function publisherOf({ request, name, topics, nowMs }: TopicQuestion): TopicRef {
  const key = request.headers['aeg-sas-key'];
  const signature = request.headers['aeg-sas-token'];
  if (typeof key !== 'string' && typeof signature !== 'string')
    throw request.headers.authorization === undefined ? topicErrors.noCredentials() : topicErrors.noDirectory();
  const topic = topics.find(name);
  if (topic === undefined) throw topicErrors.unknown(name);
  if (!topic.takesKeys) throw topicErrors.keysDisabled(topic.name);
  if (typeof key === 'string') checkKey(topic, key);
  else checkSignature(topic, { token: signature as string, path: pathOf(request.url ?? ''), nowMs });
  return topic;
}

function checkKey({ name, keys }: TopicRef, given: string): void {
  // All keys are compared, so that the time taken tells nothing.
  const found = keys.map((key) => isSame(given, key));
  if (!found.includes(true)) throw topicErrors.wrongKey(name);
}

const TOKEN = /^(r=([^&]+)&e=([^&]+))&s=([^&]+)$/;

function checkSignature({ name, keys }: TopicRef, given: { readonly token: string; readonly path: string; readonly nowMs: number }): void {
  const [, text, resource, expiry, signature] = TOKEN.exec(given.token) ?? [];
  if (text === undefined || resource === undefined || expiry === undefined || signature === undefined)
    throw topicErrors.malformedToken('it is not of the form r=<endpoint>&e=<expiry>&s=<signature>');
  const signed = decoded(signature);
  const found = keys.map((key) => isSame(signed, createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')));
  if (!found.includes(true)) throw topicErrors.wrongToken(name);
  // What host a proxy shows to publishers is not known here; the key is of this topic alone.
  const endpoint = decoded(resource);
  if (!URL.canParse(endpoint) || pathOf(new URL(endpoint).pathname) !== given.path)
    throw topicErrors.malformedToken('it was made for another endpoint');
  const expiresAtMs = expiryMs(decoded(expiry.replaceAll('+', ' ')));
  if (expiresAtMs === undefined) throw topicErrors.malformedToken('its expiry is no date such as 11/22/2026 10:21:35 AM (UTC)');
  if (expiresAtMs <= given.nowMs) throw topicErrors.expiredToken(new Date(expiresAtMs));
}

/** Without query and needless slashes, in lower case. */
function pathOf(target: string): string {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  return path
    .split('/')
    .filter((part) => part !== '')
    .join('/')
    .toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw topicErrors.malformedToken('it is not percent-encoded');
  }
}

const US_DATE = /^\d{1,2}\/\d{1,2}\/\d{4},?\s\d{1,2}:\d{2}:\d{2}\s[AP]M$/i;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/i;

/** Clients write the date as .NET does for en-US, without a zone, and mean UTC. */
function expiryMs(text: string): number | undefined {
  const iso = ISO_DATE.exec(text);
  const utc = US_DATE.test(text) ? `${text.replaceAll(/\s/g, ' ')} UTC` : undefined;
  const ms = Date.parse(utc ?? (iso === null ? '' : `${text}${iso[1] === undefined ? 'Z' : ''}`));
  return Number.isNaN(ms) ? undefined : ms;
}

/** Compares in a time that does not depend on where two texts differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
