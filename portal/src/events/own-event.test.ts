import { expect, it } from 'vitest';
import { ownEvent } from './own-event.ts';

const made = { id: '1', now: new Date('2026-01-31T10:00:00Z') };

it.each([
  ['EventGridSchema', ['id', 'eventType', 'subject', 'eventTime', 'dataVersion', 'data']],
  ['CloudEventSchemaV1_0', ['specversion', 'id', 'type', 'source', 'subject', 'time', 'data']],
  ['CustomEventSchema', []],
])('an event in the schema %s has what it must have', (schema, members) => {
  expect(Object.keys(ownEvent(schema, made))).toEqual(members);
});
