import { EVENT_TYPE_PREFIX, type EventType } from '@switchboard/contract';
import type { NewEvent } from '../event.ts';
import { CALLING_SAMPLES } from './calling-samples.ts';
import { CHAT_SAMPLES } from './chat-samples.ts';
import { MESSAGING_SAMPLES } from './messaging-samples.ts';
import { ROUTER_SAMPLES } from './router-samples.ts';
import type { Sample, SampleContext } from './sample.ts';

const SAMPLES: Readonly<Record<string, Sample>> = { ...CHAT_SAMPLES, ...CALLING_SAMPLES, ...MESSAGING_SAMPLES, ...ROUTER_SAMPLES };

/** What a sample is to say differently. */
export interface SampleChanges {
  readonly subject?: string | undefined;
  /** Merged over the data as RFC 7396 says: objects member by member, null removes, all else replaces. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** An event as the service would have it; the subject tells the same as the data. */
export function sampleEvent({ name, subject: pattern }: EventType, changes: SampleChanges, context: SampleContext): NewEvent {
  const sample = SAMPLES[name.slice(EVENT_TYPE_PREFIX.length)]?.(context) ?? {};
  const data = changes.data === undefined ? sample : merged(sample, changes.data);
  return { subject: changes.subject ?? subjectOf(pattern, data, context), data, atMs: context.atMs };
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, merged(result.get(key), value));
  }
  return Object.fromEntries(result);
}

/** Puts values of the data into the places of a pattern; without their plus sign, as phone numbers are written in subjects. */
function subjectOf(pattern: string, data: unknown, context: SampleContext): string {
  return pattern.replaceAll(/\{([\w.]+)\}/g, (_, path: string) => {
    const value = path.split('.').reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), data);
    return typeof value === 'string' ? value.replace(/^\+/, '') : context.uuid();
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
