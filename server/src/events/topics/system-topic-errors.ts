import { ApiError } from '../../lib/errors.ts';

export const systemTopicErrors = {
  badName: () =>
    new ApiError('BadRequest', 'The name of a system topic must have 3 to 128 letters, digits and hyphens.', {
      target: 'systemTopicName',
      explanation: { rule: 'system-topic.name', cure: 'Choose another name.' },
    }),
  unknown: (name: string) =>
    new ApiError('NotFound', `There is no system topic ${JSON.stringify(name.slice(0, 128))}.`, {
      target: 'systemTopicName',
      explanation: { rule: 'system-topic.unknown', cure: 'List the system topics of the subscription, or make this one.' },
    }),
  otherSource: (name: string) =>
    new ApiError('BadRequest', `The system topic ${name} has another source, which cannot be changed.`, {
      target: 'properties.source',
      explanation: { rule: 'system-topic.source', cure: 'Make a system topic of another name.' },
    }),
  sourceTaken: (source: string, topic: string) =>
    new ApiError('Conflict', `The resource ${source} has the system topic ${topic} already; a source has one at most.`, {
      target: 'properties.source',
      explanation: { rule: 'system-topic.taken', cure: 'Use the system topic in the message.' },
    }),
};
