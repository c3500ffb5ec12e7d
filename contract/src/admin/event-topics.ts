import { type Static, Type } from 'typebox';
import { InputSchema, InputSchemaMapping } from '../arm/topics.ts';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

const path = '/admin/events/topics';
const params = Type.Object({ topicName: Type.String({ minLength: 1, maxLength: 128 }) });

const topic = {
  name: Type.String(),
  /** Where to publish. */
  endpoint: Type.String(),
  /** Of Azure, in its short form: part of the topic's own host, `<name>.<location>-1.eventgrid.azure.net`. */
  location: Type.String(),
  inputSchema: Type.String(),
  /** ARM id, which events name as their topic. */
  topic: Type.String(),
  createdAt: Type.String(),
};
const AdminTopic = Type.Object(topic);
export type AdminTopic = Static<typeof AdminTopic>;
const AdminTopicWithKeys = Type.Object({ ...topic, key1: Type.String(), key2: Type.String() });

export const createEventTopic = operation({
  ...admin,
  id: 'Admin_CreateEventTopic',
  method: 'POST',
  path,
  summary: 'Makes a custom topic, for events of your own',
  body: Type.Object({
    name: Type.String({ minLength: 3, maxLength: 50 }),
    /** `local` by default. */
    location: absent(Type.String({ maxLength: 80 })),
    inputSchema: absent(InputSchema),
    inputSchemaMapping: absent(InputSchemaMapping),
  }),
  responses: { 201: AdminTopicWithKeys },
});

export const listEventTopics = operation({
  ...admin,
  id: 'Admin_ListEventTopics',
  method: 'GET',
  path,
  summary: 'Lists custom topics, without keys',
  responses: { 200: Type.Object({ value: Type.Array(AdminTopic) }) },
});

export const getEventTopic = operation({
  ...admin,
  id: 'Admin_GetEventTopic',
  method: 'GET',
  path: `${path}/{topicName}`,
  summary: 'Gets a custom topic with its keys',
  params,
  responses: { 200: AdminTopicWithKeys },
});

export const deleteEventTopic = operation({
  ...admin,
  id: 'Admin_DeleteEventTopic',
  method: 'DELETE',
  path: `${path}/{topicName}`,
  summary: 'Deletes a custom topic with its subscriptions',
  params,
  responses: { 204: null },
});
