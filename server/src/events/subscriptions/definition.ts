import type { EventSubscriptionDefinition } from '@switchboard/contract';
import { eventErrors } from '../errors.ts';
import type { Subscription } from './subscription.ts';

const NAME = /^[a-z0-9-]{3,64}$/i;
const MINUTE_MS = 60_000;
const MOST_ATTEMPTS = 30;
const LONGEST_MINUTES = 1_440;

/** @throws ApiError 400 */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw eventErrors.invalid('name', 'must have 3 to 64 letters, digits and hyphens');
  return name;
}

/** What a subscription stores of a definition. */
export type CheckedDefinition = Pick<Subscription, 'destination' | 'filter' | 'labels' | 'schema' | 'retry'>;

/** @throws ApiError 400 naming what is wrong */
export function checkDefinition(wanted: EventSubscriptionDefinition): CheckedDefinition {
  const { destination } = wanted;
  if (destination === undefined || destination === null) throw eventErrors.invalid('destination', 'is required');
  if (destination.endpointType !== 'WebHook') throw eventErrors.invalid('destination.endpointType', 'must be WebHook');
  checkUrl(destination.properties?.endpointUrl);
  return { ...checkRest(wanted), destination };
}

/** Everything but the destination. @throws ApiError 400 naming what is wrong */
export function checkRest(wanted: Omit<EventSubscriptionDefinition, 'destination'>): Omit<CheckedDefinition, 'destination'> {
  const maxAttempts = inRange(wanted.retryPolicy?.maxDeliveryAttempts, MOST_ATTEMPTS, 'retryPolicy.maxDeliveryAttempts');
  const minutes = inRange(wanted.retryPolicy?.eventTimeToLiveInMinutes, LONGEST_MINUTES, 'retryPolicy.eventTimeToLiveInMinutes');
  return {
    filter: wanted.filter ?? {},
    labels: wanted.labels ?? [],
    schema: wanted.eventDeliverySchema ?? 'EventGridSchema',
    retry: { maxAttempts, timeToLiveMs: minutes * MINUTE_MS },
  };
}

function checkUrl(text: string | null | undefined): void {
  const url = URL.canParse(text ?? '') ? new URL(text ?? '') : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw eventErrors.invalid('destination.properties.endpointUrl', 'must be an http or https URL');
  if (url.username !== '' || url.password !== '')
    throw eventErrors.invalid('destination.properties.endpointUrl', 'must not hold a user or password');
}

/** From 1 to `most`, and that by default. */
function inRange(value: number | null | undefined, most: number, target: string): number {
  if (value === undefined || value === null) return most;
  if (value < 1 || value > most) throw eventErrors.invalid(target, `must be from 1 to ${most}`);
  return value;
}
