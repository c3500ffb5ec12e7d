import type { DeadLetterDestination, EventSchema, EventSubscriptionDefinition, InputSchema, RetryPolicy } from '@switchboard/contract';
import type { EndpointDirectory } from '../destinations/destinations.ts';
import { eventErrors } from '../errors.ts';
import type { EventSource } from '../sources.ts';
import { checkDestination } from './checks/destination.ts';
import { checkFilter } from './checks/filter.ts';
import type { SubscriptionDefinition } from './subscription.ts';

const NAME = /^[a-z0-9-]{3,64}$/i;
const MINUTE_MS = 60_000;
const MOST_ATTEMPTS = 30;
const LONGEST_MINUTES = 1_440;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:?\d{2})?$/i;

/** What subscribers of a source may ask for; its first is what they get by default (wire/event-grid.md 4, "Handshakes"). */
const DELIVERED: Readonly<Record<InputSchema, readonly [EventSchema, ...EventSchema[]]>> = {
  EventGridSchema: ['EventGridSchema', 'CloudEventSchemaV1_0'],
  CloudEventSchemaV1_0: ['CloudEventSchemaV1_0'],
  CustomEventSchema: ['CustomInputSchema', 'EventGridSchema', 'CloudEventSchemaV1_0'],
};

/** What a definition is judged by, beside itself. */
export interface DefinitionContext {
  readonly source: EventSource;
  readonly nowMs: number;
  readonly endpoints: EndpointDirectory;
}

/** @throws ApiError 400 */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw eventErrors.invalid('name', 'must have 3 to 64 letters, digits and hyphens');
  return name;
}

/** What a subscription stores of a definition. @throws ApiError 400 naming the member that is wrong */
export function checkDefinition(wanted: EventSubscriptionDefinition, context: DefinitionContext): SubscriptionDefinition {
  const { destination, ...rest } = wanted;
  if (!destination) throw eventErrors.invalid('destination', 'is required');
  return { ...checkRest(rest, context), destination: checkDestination(destination, { ...context, input: inputSchemaOf(context) }) };
}

/** Everything but the destination. @throws ApiError 400 naming the member that is wrong */
export function checkRest(
  wanted: Omit<EventSubscriptionDefinition, 'destination'>,
  context: DefinitionContext,
): Omit<SubscriptionDefinition, 'destination'> {
  const defaults = { filter: {}, labels: [], schema: DELIVERED[inputSchemaOf(context)][0], retry: retryOf({}) };
  return { ...defaults, ...givenParts(wanted, context) };
}

/** A definition with the members that are given in the place of its own. @throws ApiError 400 naming the member that is wrong */
export function changedDefinition(
  current: SubscriptionDefinition,
  change: EventSubscriptionDefinition,
  context: DefinitionContext,
): SubscriptionDefinition {
  const { destination, filter, labels, expiresAtMs, schema, retry, deadLetter } = current;
  return {
    destination,
    filter,
    labels,
    schema,
    retry,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(deadLetter === undefined ? {} : { deadLetter }),
    ...givenParts(change, context),
  };
}

/** Null is the same as absent: some clients write it for what was left out. */
function givenParts(wanted: EventSubscriptionDefinition, context: DefinitionContext): Partial<SubscriptionDefinition> {
  const { destination, filter, labels, expirationTimeUtc, eventDeliverySchema, retryPolicy, deadLetterDestination } = wanted;
  const input = inputSchemaOf(context);
  return {
    ...(destination ? { destination: checkDestination(destination, { ...context, input }) } : {}),
    ...(filter ? { filter: checkFilter(filter, input) } : {}),
    ...(labels ? { labels: checkLabels(labels) } : {}),
    ...(expirationTimeUtc ? { expiresAtMs: checkExpiration(expirationTimeUtc, context.nowMs) } : {}),
    ...(eventDeliverySchema ? { schema: checkSchema(eventDeliverySchema, input) } : {}),
    ...(retryPolicy ? { retry: retryOf(retryPolicy) } : {}),
    ...(deadLetterDestination ? { deadLetter: checkDeadLetters(deadLetterDestination, context) } : {}),
  };
}

function inputSchemaOf({ source }: DefinitionContext): InputSchema {
  return source.inputSchema ?? 'EventGridSchema';
}

function checkSchema(wanted: EventSchema, input: InputSchema): EventSchema {
  const allowed = DELIVERED[input];
  if (allowed.includes(wanted)) return wanted;
  throw eventErrors.invalid('eventDeliverySchema', `must be ${allowed.join(' or ')}: the events of this source come in ${input}`);
}

function checkDeadLetters(wanted: DeadLetterDestination, { endpoints }: DefinitionContext): DeadLetterDestination {
  endpoints.checkDeadLetters(wanted);
  return wanted;
}

function checkLabels(labels: readonly string[]): readonly string[] {
  const empty = labels.findIndex((label) => label.trim() === '');
  if (empty !== -1) throw eventErrors.invalid(`labels[${empty}]`, 'must not be empty');
  return labels;
}

/** Times without a zone are in UTC, as the name of the member says. */
function checkExpiration(text: string, nowMs: number): number {
  const ms = TIME.test(text) ? Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`) : NaN;
  if (Number.isNaN(ms)) throw eventErrors.invalid('expirationTimeUtc', 'must be a time such as 2030-01-31T10:00:00Z');
  if (ms <= nowMs) throw eventErrors.invalid('expirationTimeUtc', `must lie after the server's time, ${new Date(nowMs).toISOString()}`);
  return ms;
}

function retryOf({ maxDeliveryAttempts, eventTimeToLiveInMinutes }: RetryPolicy): SubscriptionDefinition['retry'] {
  const maxAttempts = upTo(MOST_ATTEMPTS, maxDeliveryAttempts, 'retryPolicy.maxDeliveryAttempts');
  const minutes = upTo(LONGEST_MINUTES, eventTimeToLiveInMinutes, 'retryPolicy.eventTimeToLiveInMinutes');
  return { maxAttempts, timeToLiveMs: minutes * MINUTE_MS };
}

/** From 1 to `most`, and that by default. */
function upTo(most: number, value: number | null | undefined, target: string): number {
  if (value === undefined || value === null) return most;
  if (value < 1 || value > most) throw eventErrors.invalid(target, `must be from 1 to ${most}`);
  return value;
}
