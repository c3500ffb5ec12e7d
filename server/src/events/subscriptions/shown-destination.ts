import type { DeliveryAttribute, EventDestination } from '@switchboard/contract';

/** A destination as it is shown: the query of its address may be a secret, and a header may be said to be one. */
export function shownDestination(destination: EventDestination): EventDestination {
  const { endpointUrl, deliveryAttributeMappings, ...properties } = destination.properties ?? {};
  const url = endpointUrl ? new URL(endpointUrl) : undefined;
  return {
    ...destination,
    properties: {
      ...properties,
      ...(url && { endpointBaseUrl: `${url.origin}${url.pathname}` }),
      ...(deliveryAttributeMappings && { deliveryAttributeMappings: deliveryAttributeMappings.map(withoutSecret) }),
    },
  };
}

function withoutSecret(attribute: DeliveryAttribute): DeliveryAttribute {
  return attribute.properties?.isSecret === true ? { ...attribute, properties: { ...attribute.properties, value: null } } : attribute;
}
