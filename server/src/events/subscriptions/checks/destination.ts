import type { EventDestination, InputSchema } from '@switchboard/contract';
import type { EndpointDirectory } from '../../destinations/destinations.ts';
import { eventErrors } from '../../errors.ts';
import { checkDeliveryAttributes } from './delivery-attributes.ts';

type Properties = NonNullable<EventDestination['properties']>;

const PROPERTIES = 'destination.properties';
/** Limits of Event Grid (wire/event-grid.md 4, "Bodies"). */
const MOST_EVENTS = 5_000;
const MOST_KILOBYTES = 1_024;

/** What each kind of endpoint needs. Kinds are compared as they are written. */
const KINDS: Readonly<Record<string, (properties: Properties, input: InputSchema) => void>> = {
  WebHook: (properties, input) => {
    checkUrl(properties.endpointUrl);
    checkBatch(properties);
    checkDeliveryAttributes(properties.deliveryAttributeMappings ?? [], `${PROPERTIES}.deliveryAttributeMappings`, input);
  },
  AzureFunction: (properties, input) => {
    checkBatch(properties);
    checkDeliveryAttributes(properties.deliveryAttributeMappings ?? [], `${PROPERTIES}.deliveryAttributeMappings`, input);
  },
  StorageQueue: () => undefined,
};

/** @throws ApiError 400 naming the member that is wrong */
export function checkDestination(
  destination: EventDestination,
  { input, endpoints }: { readonly input: InputSchema; readonly endpoints: EndpointDirectory },
): EventDestination {
  const { endpointType, properties } = destination;
  const check = Object.hasOwn(KINDS, endpointType) ? KINDS[endpointType] : undefined;
  if (check === undefined) throw eventErrors.unsupportedEndpoint(endpointType, Object.keys(KINDS));
  check(properties ?? {}, input);
  endpoints.checkEndpoint(destination);
  return destination;
}

function checkUrl(text: string | null | undefined): void {
  const target = `${PROPERTIES}.endpointUrl`;
  const url = URL.canParse(text ?? '') ? new URL(text ?? '') : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw eventErrors.invalid(target, 'must be an http or https URL');
  if (url.username !== '' || url.password !== '') throw eventErrors.invalid(target, 'must not hold a user or password');
}

function checkBatch({ maxEventsPerBatch, preferredBatchSizeInKilobytes }: Properties): void {
  checkRange(maxEventsPerBatch, MOST_EVENTS, `${PROPERTIES}.maxEventsPerBatch`);
  checkRange(preferredBatchSizeInKilobytes, MOST_KILOBYTES, `${PROPERTIES}.preferredBatchSizeInKilobytes`);
}

function checkRange(value: number | null | undefined, most: number, target: string): void {
  if (value !== undefined && value !== null && (value < 1 || value > most)) throw eventErrors.invalid(target, `must be from 1 to ${most}`);
}
