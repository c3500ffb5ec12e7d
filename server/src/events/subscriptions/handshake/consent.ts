import type { SubscriptionDefinition } from '../subscription.ts';

/** How an endpoint is asked whether it wants events, and where. */
export interface ConsentWay {
  /** `event`: by the validation event of Event Grid; `options`: as CloudEvents webhooks are. */
  readonly kind: 'event' | 'options';
  readonly url: URL;
}

/** What came of asking an endpoint for its consent. */
export type ConsentAnswer =
  | { readonly kind: 'consent'; readonly ratePerMinute?: number }
  /** It understood, and may agree later by the validation URL. */
  | { readonly kind: 'later'; readonly reason: string }
  /** @param isFinal asking once more would change nothing */
  | { readonly kind: 'refusal'; readonly reason: string; readonly isFinal: boolean };

/**
 * Undefined for endpoints that need not be asked: queues, and functions found by their resource id (wire/event-grid.md 4,
 * "Handshakes"). The Functions host refuses OPTIONS, so functions get the validation event whatever the schema (section 6).
 */
export function consentWayOf({ destination, schema }: Pick<SubscriptionDefinition, 'destination' | 'schema'>): ConsentWay | undefined {
  const { endpointUrl, resourceId } = destination.properties ?? {};
  if (!endpointUrl) return undefined;
  switch (destination.endpointType) {
    case 'WebHook':
      return { kind: schema === 'CloudEventSchemaV1_0' ? 'options' : 'event', url: new URL(endpointUrl) };
    case 'AzureFunction':
      return resourceId ? undefined : { kind: 'event', url: new URL(endpointUrl) };
    default:
      return undefined;
  }
}
