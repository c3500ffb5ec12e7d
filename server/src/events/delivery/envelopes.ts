import type { EventGridEvent, EventSchema } from '@switchboard/contract';
import type { Event } from '../event.ts';

/** An event in the schema that a subscription asks for; which ones it may ask for depends on the source. */
export function envelopeOf(event: Event, schema: EventSchema): unknown {
  switch (schema) {
    case 'EventGridSchema':
      return eventGridEnvelope(event);
    case 'CloudEventSchemaV1_0':
      return cloudEventEnvelope(event);
    case 'CustomInputSchema':
      return event.isCustom === true ? event.data : eventGridEnvelope(event);
  }
}

/** An event in the Event Grid schema (wire/rest-services.md 12). */
export function eventGridEnvelope(event: Event): EventGridEvent {
  const { id, topic, subject, data, type, dataVersion } = event;
  return { id, topic, subject, data, eventType: type, dataVersion, metadataVersion: '1', eventTime: timeOf(event) };
}

/** The same as CloudEvents 1.0 (JSON format, structured mode). What was published as such goes on as it came. */
function cloudEventEnvelope(event: Event): object {
  const { id, topic, subject, data, type, cloud } = event;
  if (cloud !== undefined) return data === undefined ? cloud : { ...cloud, data };
  return { id, source: topic, subject, data, type, time: timeOf(event), specversion: '1.0' };
}

function timeOf({ atMs, time }: Event): string {
  return time ?? new Date(atMs).toISOString();
}
