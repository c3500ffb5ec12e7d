import { type Static, Type } from 'typebox';

/** An event in the Event Grid schema: what is delivered, and what publishers send. */
export const EventGridEvent = Type.Object({
  id: Type.String(),
  /** ARM id of the source. */
  topic: Type.String(),
  subject: Type.String(),
  data: Type.Unknown(),
  eventType: Type.String(),
  dataVersion: Type.String(),
  metadataVersion: Type.String(),
  /** ISO 8601. */
  eventTime: Type.String(),
});
export type EventGridEvent = Static<typeof EventGridEvent>;

/** Schemas of events, in the words of Event Grid. */
export const EVENT_SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0', 'CustomInputSchema'] as const;
export type EventSchema = (typeof EVENT_SCHEMAS)[number];
