import type { InputSchema } from '@switchboard/contract';
import { ApiError } from '../../lib/errors.ts';
import { MOST_EVENTS, MOST_REQUEST_BYTES } from './publication-limits.ts';

const invalid = (target: string, problem: string, cure = 'Correct the member named in the message.') =>
  new ApiError('BadRequest', `${target} ${problem}.`, { target, explanation: { rule: 'topic.invalid', cure } });

export const customTopicErrors = {
  invalid,
  unknown: (name: string) =>
    new ApiError('NotFound', `There is no custom topic ${JSON.stringify(name.slice(0, 80))}.`, {
      target: 'topicName',
      explanation: { rule: 'topic.unknown', cure: 'List the topics with GET /admin/events/topics.' },
    }),
  nameTaken: (name: string) =>
    new ApiError('Conflict', `The name ${JSON.stringify(name)} is taken by another topic or resource; names differ by more than case.`, {
      target: 'name',
      explanation: { rule: 'topic.exists', cure: 'Choose another name.' },
    }),
  unsupported: (target: string, what: string) =>
    invalid(target, `is not supported: ${what}`, 'Leave the member out, or give the supported value.'),
  malformed: (target: string, problem: string) =>
    new ApiError('BadRequest', `${target} ${problem}.`, {
      target,
      explanation: { rule: 'topic.malformed-event', cure: 'Correct the event; nothing of this request was published.' },
    }),
  wrongContent: (schema: InputSchema, expected: readonly string[], found: string) =>
    new ApiError(
      'UnsupportedMediaType',
      `The topic takes events in ${schema}, which come as ${expected.join(' or ')}; the request has ${JSON.stringify(found.slice(0, 100))}.`,
      {
        target: 'Content-Type',
        explanation: { rule: 'topic.content-type', cure: 'Make the publisher for the schema of the topic, or a topic for that schema.' },
      },
    ),
  tooManyEvents: (count: number) =>
    new ApiError('PayloadTooLarge', `The request has ${count} events; at most ${MOST_EVENTS} may be published at once.`, {
      explanation: { rule: 'topic.events', cure: 'Send several requests; nothing of this one was published.' },
    }),
  tooLarge: () =>
    new ApiError(
      'PayloadTooLarge',
      `The request is larger than ${MOST_REQUEST_BYTES} bytes, which is the most for it and for each event.`,
      {
        explanation: { rule: 'topic.size', cure: 'Send several requests; nothing of this one was published.' },
      },
    ),
};
