import type { EventSchema, InputSchema } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { changedDefinition, checkDefinition } from './definition.ts';

const nowMs = Date.UTC(2026, 0, 15, 10);
/** An operator who named everything. */
const endpoints = { checkEndpoint: () => undefined, checkDeadLetters: () => undefined };
const destination = { endpointType: 'WebHook', properties: { endpointUrl: 'https://example.com/hook' } };
const source = (inputSchema?: InputSchema) => ({ id: 's', name: 'local', topic: '/t', ...(inputSchema && { inputSchema }) });

describe('the definition of an event subscription', () => {
  it.each<[InputSchema | undefined, EventSchema, readonly EventSchema[]]>([
    [undefined, 'EventGridSchema', ['EventGridSchema', 'CloudEventSchemaV1_0']],
    ['EventGridSchema', 'EventGridSchema', ['EventGridSchema', 'CloudEventSchemaV1_0']],
    ['CloudEventSchemaV1_0', 'CloudEventSchemaV1_0', ['CloudEventSchemaV1_0']],
    ['CustomEventSchema', 'CustomInputSchema', ['CustomInputSchema', 'EventGridSchema', 'CloudEventSchemaV1_0']],
  ])('R108: of a source with %s has %s, or one of %j', (input, usual, allowed) => {
    const context = { source: source(input), nowMs, endpoints };
    expect(checkDefinition({ destination }, context).schema).toBe(usual);
    for (const schema of ['EventGridSchema', 'CloudEventSchemaV1_0', 'CustomInputSchema'] as const) {
      const check = () => checkDefinition({ destination, eventDeliverySchema: schema }, context).schema;
      if (allowed.includes(schema)) expect(check()).toBe(schema);
      else expect(check).toThrow(expect.objectContaining({ status: 400, target: 'eventDeliverySchema' }) as Error);
    }
  });

  it('takes every form of an expiration time, without a zone as UTC', () => {
    const at = (expirationTimeUtc: string) =>
      checkDefinition({ destination, expirationTimeUtc }, { source: source(), nowMs, endpoints }).expiresAtMs;
    const noon = Date.UTC(2026, 0, 15, 12);
    for (const text of [
      '2026-01-15T12:00',
      '2026-01-15T12:00:00Z',
      '2026-01-15T12:00:00.0000000Z',
      '2026-01-15T13:00:00+01:00',
      '2026-01-15T13:00+0100',
    ])
      expect(at(text), text).toBe(noon);
    for (const text of ['2026-01-15', '2026-13-01T12:00:00Z', '2026-01-15T09:59:59Z', '01/15/2027', '9e99', 'now'])
      expect(() => at(text), text).toThrow(expect.objectContaining({ target: 'expirationTimeUtc' }) as Error);
  });

  it('keeps what a change leaves out, and takes null for left out', () => {
    const context = { source: source(), nowMs, endpoints };
    const before = checkDefinition({ destination, labels: ['a'], filter: { subjectEndsWith: 'x' } }, context);
    const change = { filter: { subjectBeginsWith: 'y' }, labels: null, destination: null };
    expect(changedDefinition(before, change, context)).toEqual({ ...before, filter: { subjectBeginsWith: 'y' } });
  });
});
