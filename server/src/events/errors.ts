import { ApiError } from '../lib/errors.ts';

const invalid = (target: string, problem: string, cure = 'Correct the field named in the message.') =>
  new ApiError('BadRequest', `${target} ${problem}.`, { target, explanation: { rule: 'events.invalid', cure } });

export const eventErrors = {
  invalid,
  unknownSource: (name: string) =>
    new ApiError('NotFound', `There is no resource or custom topic named '${name}'.`, {
      target: 'source',
      explanation: { rule: 'events.source-unknown', cure: 'List them with GET /admin/resources and GET /admin/events/topics.' },
    }),
  unknownSubscription: (name: string) =>
    new ApiError('NotFound', `There is no event subscription named '${name}'.`, {
      target: 'name',
      explanation: { rule: 'events.subscription-unknown', cure: 'List the subscriptions with GET /admin/events/subscriptions.' },
    }),
  unknownType: (type: string, near: readonly string[]) =>
    new ApiError(
      'BadRequest',
      `There is no event type named '${type}'.${near.length === 0 ? '' : ` Did you mean ${near.join(', ').replace(/, ([^,]*)$/, ' or $1')}?`}`,
      {
        target: 'type',
        explanation: { rule: 'events.type-unknown', cure: 'See docs/reference/events.md for every type; the prefix may be left out.' },
      },
    ),
  unknownListener: (name: string) =>
    new ApiError('NotFound', `No listener named '${name}' is open.`, {
      target: 'listenerName',
      explanation: {
        rule: 'events.listener-unknown',
        cure: 'Open it again: a listener ends when nobody has asked it for two minutes, and at a reset.',
      },
    }),
  listenerTaken: (name: string) =>
    new ApiError('Conflict', `A listener named '${name}' is open already, for other events.`, {
      target: 'listenerName',
      explanation: { rule: 'events.listener-taken', cure: 'Choose another name, or end the other listener first.' },
    }),
  unknownEvent: (id: string) =>
    new ApiError('NotFound', `The log has no event '${id}'.`, {
      target: 'eventId',
      explanation: { rule: 'events.event-unknown', cure: 'List events with GET /admin/events; the log keeps the last ones, in memory.' },
    }),
  unknownDelivery: (id: string) =>
    new ApiError('NotFound', `No delivery '${id}' waits for an answer.`, {
      target: 'deliveryId',
      explanation: { rule: 'events.delivery-unknown', cure: 'Answer within 30 seconds, and once.' },
    }),
  nameTaken: (name: string) =>
    new ApiError('Conflict', `There is an event subscription named '${name}' already; names differ by more than case.`, {
      target: 'name',
      explanation: { rule: 'events.subscription-exists', cure: 'Delete the other subscription first, or choose another name.' },
    }),
  handshakeFailed: (reason: string) =>
    new ApiError('BadRequest', `The endpoint did not pass the validation handshake: ${reason}.`, {
      target: 'endpointUrl',
      explanation: {
        rule: 'events.handshake',
        cure: 'Let the endpoint answer the validation event with 200 and {"validationResponse": <validationCode>} within 30 seconds (CloudEvents: OPTIONS with the header WebHook-Allowed-Origin).',
      },
    }),
  unsupportedEndpoint: (endpointType: string, supported: readonly string[]) =>
    invalid(
      'destination.endpointType',
      `is ${JSON.stringify(endpointType)}; this server delivers to ${supported.join(', ')}`,
      'Choose a supported kind of endpoint; a webhook can hand events on to any other.',
    ),
  changedMeanwhile: (name: string) =>
    new ApiError('Conflict', `The event subscription '${name}' was changed by another call during the handshake. Nothing was kept.`, {
      target: 'name',
      explanation: { rule: 'events.subscription-changed', cure: 'Look at the subscription, then send the change again.' },
    }),
  subscriptionWithoutSource: (name: string) =>
    new ApiError('NotFound', `The source of the event subscription '${name}' was deleted meanwhile, and the subscription with it.`, {
      target: 'source',
      explanation: { rule: 'events.source-deleted', cure: 'Create the source again, then its event subscriptions.' },
    }),
  tooManyHandshakes: () =>
    new ApiError('ServiceUnavailable', 'Too many validation handshakes run already.', {
      retryAfterSeconds: 30,
      explanation: { rule: 'events.handshakes', cure: 'Try again when the endpoints asked before have answered.' },
    }),
  unknownValidation: () =>
    new ApiError('NotFound', 'This validation URL is unknown, was used before, or is over: it may be opened once, within 10 minutes.', {
      explanation: { rule: 'events.validation-url', cure: 'Create or update the event subscription again; its endpoint gets a new URL.' },
    }),
};
