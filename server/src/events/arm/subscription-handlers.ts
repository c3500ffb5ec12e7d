import type { ArmEventSubscription, ArmEventSubscriptionDefinition, DeliveryAttribute } from '@switchboard/contract';
import type { Subscription } from '../subscriptions/subscription.ts';
import { wantedOf } from '../subscriptions/subscription.ts';
import type { SubscriptionService } from '../subscriptions/subscription-service.ts';
import { armErrors } from './errors.ts';
import { LOCAL_SUBSCRIPTION } from './ids.ts';
import type { Scope } from './scopes.ts';
import { shownSubscription } from './shown-subscription.ts';

/** A call that changes a subscription, and how it reached us, for links. */
interface ChangeCall {
  readonly params: { readonly eventSubscriptionName: string };
  readonly origin: string;
  readonly apiVersion: string;
}

export interface Begun {
  readonly shown: ArmEventSubscription;
  readonly headers: Readonly<Record<string, string>>;
}

/** What resource management does with the event subscriptions of a scope, whatever the path was that led there. */
export class SubscriptionHandlers {
  readonly #subscriptions: SubscriptionService;

  constructor(subscriptions: SubscriptionService) {
    this.#subscriptions = subscriptions;
  }

  list(scope: Scope): ArmEventSubscription[] {
    return this.#subscriptions.list(scope.source.id).map((one) => shownSubscription(one, scope));
  }

  get(scope: Scope, name: string): ArmEventSubscription {
    return shownSubscription(this.#found(scope, name), scope);
  }

  async put(scope: Scope, definition: ArmEventSubscriptionDefinition, call: ChangeCall): Promise<Begun> {
    const name = call.params.eventSubscriptionName;
    return begun(await this.#subscriptions.begin(scope.source, name, checked(definition)), scope, call);
  }

  async patch(scope: Scope, change: ArmEventSubscriptionDefinition, call: ChangeCall): Promise<Begun> {
    const name = call.params.eventSubscriptionName;
    this.#found(scope, name);
    return begun(await this.#subscriptions.beginUpdate(scope.source, name, checked(change)), scope, call);
  }

  /** @returns whether there was one */
  async delete(scope: Scope, name: string): Promise<boolean> {
    if (this.#subscriptions.find(scope.source.id, name) === undefined) return false;
    await this.#subscriptions.remove(scope.source.id, name);
    return true;
  }

  fullUrl(scope: Scope, name: string): string {
    const { destination } = wantedOf(this.#found(scope, name));
    const url = destination.properties?.endpointUrl;
    if (!url) throw armErrors.noFullUrl(destination.endpointType);
    return url;
  }

  deliveryAttributes(scope: Scope, name: string): DeliveryAttribute[] {
    return wantedOf(this.#found(scope, name)).destination.properties?.deliveryAttributeMappings ?? [];
  }

  #found({ source }: Scope, name: string): Subscription {
    const found = this.#subscriptions.find(source.id, name);
    if (found === undefined) throw armErrors.unknownSubscription(name);
    return found;
  }
}

function checked(definition: ArmEventSubscriptionDefinition): ArmEventSubscriptionDefinition {
  for (const target of ['deliveryWithResourceIdentity', 'deadLetterWithResourceIdentity'] as const)
    if (definition[target]) throw armErrors.noIdentities(target);
  return definition;
}

/** Only while a handshake runs is there something to ask for: the operation tells its end, and why it failed. */
function begun(subscription: Subscription, scope: Scope, { origin, apiVersion }: ChangeCall): Begun {
  const shown = shownSubscription(subscription, scope);
  if (subscription.state !== 'Creating' && subscription.state !== 'Updating') return { shown, headers: {} };
  return {
    shown,
    headers: { 'azure-asyncoperation': `${origin}${operationPath(subscription.id)}?api-version=${apiVersion}`, 'retry-after': '1' },
  };
}

/** The operation that the state of a subscription stands for. */
export function operationPath(operationId: string): string {
  return `/subscriptions/${LOCAL_SUBSCRIPTION}/providers/Microsoft.EventGrid/locations/global/operationsStatus/${operationId}`;
}
