import type { EventGridEvent } from '@switchboard/contract';
import type { Event } from '../event.ts';

/** An event in the Event Grid schema (wire/rest-services.md 12). */
export function eventGridEnvelope({ id, topic, subject, data, type, dataVersion, atMs }: Event): EventGridEvent {
  const eventTime = new Date(atMs).toISOString();
  return { id, topic, subject, data, eventType: type, dataVersion, metadataVersion: '1', eventTime };
}

/** The same as CloudEvents 1.0 (JSON format, structured mode). */
export function cloudEventEnvelope({ id, topic, subject, data, type, atMs }: Event): object {
  return { id, source: topic, subject, data, type, time: new Date(atMs).toISOString(), specversion: '1.0' };
}
