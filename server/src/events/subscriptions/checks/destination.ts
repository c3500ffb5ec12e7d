import type { EventDestination } from '@switchboard/contract';
import { eventErrors } from '../../errors.ts';

const PROPERTIES = 'destination.properties';

/** What each kind of endpoint needs. Kinds are compared as they are written. */
const KINDS: Readonly<Record<string, (properties: NonNullable<EventDestination['properties']>) => void>> = {
  WebHook: ({ endpointUrl }) => checkUrl(endpointUrl),
};

/** @throws ApiError 400 naming the member that is wrong */
export function checkDestination(destination: EventDestination): EventDestination {
  const { endpointType, properties } = destination;
  const check = Object.hasOwn(KINDS, endpointType) ? KINDS[endpointType] : undefined;
  if (check === undefined) throw eventErrors.unsupportedEndpoint(endpointType, Object.keys(KINDS));
  check(properties ?? {});
  return destination;
}

function checkUrl(text: string | null | undefined): void {
  const url = URL.canParse(text ?? '') ? new URL(text ?? '') : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw eventErrors.invalid(`${PROPERTIES}.endpointUrl`, 'must be an http or https URL');
  if (url.username !== '' || url.password !== '')
    throw eventErrors.invalid(`${PROPERTIES}.endpointUrl`, 'must not hold a user or password');
}
