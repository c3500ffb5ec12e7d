import { Type } from 'typebox';
import { operation } from '../operation.ts';

/** What `@azure/eventgrid` calls. */
export const publishEvents = operation({
  id: 'EventGrid_PublishEvents',
  method: 'POST',
  path: '/topics/{topicName}/api/events',
  auth: 'topicKey',
  apiVersion: ['2018-01-01'],
  summary: 'Publishes events to a custom topic, all of them or none: an array in the schema of the topic',
  params: Type.Object({ topicName: Type.String({ maxLength: 128 }) }),
  query: Type.Object({ 'api-version': Type.Optional(Type.String()) }),
  textBody: true,
  responses: { 200: null },
});
