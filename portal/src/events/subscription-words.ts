import type { EventSubscription } from './events-api.ts';
import { shortType } from './event-words.ts';

/** Where events go, as far as it may be shown. */
export function addressOfDestination({ endpointType, properties }: EventSubscription['destination']): string {
  const { endpointBaseUrl, resourceId, queueName } = properties ?? {};
  const place = endpointBaseUrl ?? [resourceId, queueName].filter((part) => part !== undefined && part !== null).join(' / ');
  return place === '' ? endpointType : endpointType === 'WebHook' ? place : `${endpointType} ${place}`;
}

/** Which types are wanted, some by name. */
export function typesText({ includedEventTypes }: EventSubscription['filter']): string {
  const types = includedEventTypes ?? [];
  if (types.length === 0 || types.some((type) => type.toLowerCase() === 'all')) return 'All events';
  const [one = '', ...others] = types.map(shortType);
  return others.length === 0 ? one : others.length === 1 ? `${one} and ${others[0] ?? ''}` : `${one} and ${others.length} other types`;
}

export function schemaText(schema: string): string {
  if (schema === 'EventGridSchema') return 'Event Grid schema';
  return schema === 'CloudEventSchemaV1_0' ? 'CloudEvents 1.0' : schema;
}

export function waitingText(waiting: number): string {
  if (waiting === 0) return 'Nothing waits.';
  return waiting === 1 ? 'One event waits.' : `${waiting.toLocaleString('en')} events wait.`;
}

/** What the end of a subscription means. */
export function endingText(waiting: number): string {
  if (waiting === 0) return 'Its endpoint gets no more events.';
  return waiting === 1
    ? 'One event waits for delivery; it is dropped.'
    : `${waiting.toLocaleString('en')} events wait for delivery; they are dropped.`;
}

/** The state in plain words, and how much attention it needs. */
export function provisioningOf({ provisioningState: state }: Pick<EventSubscription, 'provisioningState'>): {
  readonly text: string;
  readonly color: 'success' | 'danger' | 'warning' | 'informative';
} {
  if (state === 'Succeeded') return { text: 'Active', color: 'success' };
  if (state === 'Failed') return { text: 'Failed', color: 'danger' };
  if (state === 'AwaitingManualAction') return { text: 'Waits for validation', color: 'warning' };
  return { text: state, color: 'informative' };
}
