import { ApiError } from '../../lib/errors.ts';
import { LOCAL_GROUP, LOCAL_SUBSCRIPTION } from './ids.ts';

const unknown = (target: string, message: string, cure: string) =>
  new ApiError('NotFound', message, { target, explanation: { rule: `arm.unknown-${target.toLowerCase()}`, cure } });

/** Refusals of resource management. */
export const armErrors = {
  unknownSubscriptionId: (id: string) =>
    unknown(
      'subscriptionId',
      `The subscription ${JSON.stringify(id.slice(0, 64))} could not be found; every resource of this server lies in ${LOCAL_SUBSCRIPTION}.`,
      `Use ${LOCAL_SUBSCRIPTION}.`,
    ),
  unknownGroup: (name: string) =>
    unknown(
      'resourceGroupName',
      `The resource group ${JSON.stringify(name.slice(0, 90))} could not be found; every resource of this server lies in ${LOCAL_GROUP}.`,
      `Use ${LOCAL_GROUP}.`,
    ),
  unknownResource: (type: string, name: string) =>
    unknown(
      'resourceName',
      `The resource ${JSON.stringify(`${type}/${name}`.slice(0, 200))} could not be found.`,
      'List resources with GET /admin/resources, custom topics with GET /admin/events/topics.',
    ),
  unknownScope: (id: string) =>
    unknown('scope', `${JSON.stringify(id.slice(0, 200))} is not the id of a resource.`, 'Give the whole id, from /subscriptions on.'),
  unknownSubscription: (name: string) =>
    unknown(
      'eventSubscriptionName',
      `The event subscription ${JSON.stringify(name.slice(0, 64))} could not be found.`,
      'List the event subscriptions of the source.',
    ),
  unknownTopicType: (name: string, known: readonly string[]) =>
    unknown(
      'topicTypeName',
      `The topic type ${JSON.stringify(name.slice(0, 128))} could not be found; there are ${known.join(' and ')}.`,
      'Use one of the types in the message.',
    ),
  unknownOperation: () =>
    unknown('operationId', 'The operation could not be found; its event subscription may have been deleted.', 'Get the resource itself.'),
  noSource: (type: string) =>
    new ApiError(
      'BadRequest',
      `Events of ${type.slice(0, 128)} are not supported: sources are communication resources and custom topics.`,
      {
        target: 'scope',
        explanation: {
          rule: 'arm.scope',
          cure: 'Subscribe to …/Microsoft.Communication/communicationServices/<name> or …/Microsoft.EventGrid/topics/<name>.',
        },
      },
    ),
  noIdentities: (target: string) =>
    new ApiError('BadRequest', `${target} is not supported: there are no managed identities.`, {
      target,
      explanation: { rule: 'arm.identity', cure: 'Give destination and deadLetterDestination instead.' },
    }),
  noFullUrl: (endpointType: string) =>
    new ApiError('BadRequest', `The destination is of the kind ${endpointType}, which has no endpoint URL.`, {
      explanation: { rule: 'arm.full-url', cure: 'Ask for the full URL of webhooks alone.' },
    }),
  badFilter: (problem: string) =>
    new ApiError('BadRequest', `$filter ${problem}; it may say such as: contains(name, 'x') and not (name eq 'y' or name ne 'z').`, {
      target: '$filter',
      explanation: { rule: 'arm.filter', cure: 'Filter by the name alone, with eq, ne, contains, and, or, not.' },
    }),
  badSkipToken: () =>
    new ApiError('BadRequest', '$skipToken is none that this server gave.', {
      target: '$skipToken',
      explanation: { rule: 'arm.skip-token', cure: 'Follow nextLink as it is.' },
    }),
  badLocation: (location: string) =>
    new ApiError('BadRequest', `location ${JSON.stringify(location)} must be global, where communication resources are.`, {
      target: 'location',
      explanation: { rule: 'arm.location', cure: 'Use global.' },
    }),
  badSource: (problem: string) =>
    new ApiError('BadRequest', `properties.source ${problem}.`, {
      target: 'properties.source',
      explanation: { rule: 'arm.system-topic-source', cure: 'Give the id of a communication resource, and the topic type of such.' },
    }),
};
