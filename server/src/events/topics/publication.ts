import type { InputSchema } from '@switchboard/contract';
import { parseJsonBody } from '../../http/index.ts';
import type { Event } from '../event.ts';
import { readCloudEvent } from './cloud-event-input.ts';
import { readCustomEvent } from './custom-event-input.ts';
import { customTopicErrors } from './errors.ts';
import { readEventGridEvent } from './event-grid-input.ts';
import { MOST_EVENTS, MOST_REQUEST_BYTES } from './publication-limits.ts';
import type { Reading } from './reading.ts';

/** What a publisher sent. */
export interface Publication {
  readonly text: string;
  readonly contentType: string | undefined;
}

type Item = Readonly<Record<string, unknown>>;

const BATCH = 'application/cloudevents-batch+json';
const SINGLE = 'application/cloudevents+json';

/** How events of each schema come in (wire/event-grid.md 3). */
const CONTENT: Readonly<Record<InputSchema, readonly string[]>> = {
  EventGridSchema: ['application/json'],
  CloudEventSchemaV1_0: [BATCH, SINGLE],
  CustomEventSchema: ['application/json'],
};
const READERS: Readonly<Record<InputSchema, (item: Item, reading: Reading) => Event>> = {
  EventGridSchema: readEventGridEvent,
  CloudEventSchemaV1_0: readCloudEvent,
  CustomEventSchema: readCustomEvent,
};

/** The events in a request. @throws ApiError 400, 413, 415; then nothing is published */
export function readPublication({ text, contentType = '' }: Publication, reading: Omit<Reading, 'at'>): Event[] {
  const { inputSchema } = reading.topic;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!CONTENT[inputSchema].includes(type)) throw customTopicErrors.wrongContent(inputSchema, CONTENT[inputSchema], contentType);
  if (Buffer.byteLength(text) > MOST_REQUEST_BYTES) throw customTopicErrors.tooLarge();
  const items = itemsOf(parseJsonBody(Buffer.from(text)), type);
  if (items.length > MOST_EVENTS) throw customTopicErrors.tooManyEvents(items.length);
  return items.map((item, i) => {
    const at = `[${i}]`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw customTopicErrors.malformed(at, 'must be an object');
    return READERS[inputSchema](item as Item, { ...reading, at });
  });
}

function itemsOf(body: unknown, type: string): readonly unknown[] {
  if (type === SINGLE) return [body];
  if (!Array.isArray(body)) throw customTopicErrors.malformed('The body', 'must be an array of events');
  if (body.length === 0) throw customTopicErrors.malformed('The body', 'must hold at least one event');
  return body;
}
