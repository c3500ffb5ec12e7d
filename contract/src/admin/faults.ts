import { type Static, Type } from 'typebox';
import { LIVE_EVENTS, type LiveEvent } from '../live.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

/** A field that is spelt wrong would make a rule do something else in silence: unknown ones are refused. */
const strict = { additionalProperties: false } as const;

/** Longest time for which a rule may hold anything back. The server waits 60 s for a request as a whole. */
const MAX_DELAY_MS = 30_000;
const MAX_COUNT = 1_000_000;

const Milliseconds = Type.Integer({ minimum: 0, maximum: MAX_DELAY_MS });
const Yes = Type.Literal(true);

/** What a rule is about; every field given must fit. */
export const FaultMatch = Type.Object(
  {
    /** Id of an operation, e.g. `ChatThread_SendChatMessage`. Requests only. */
    operation: Type.Optional(Type.String({ maxLength: 128 })),
    /** Requests only. */
    method: Type.Optional(
      Type.Unsafe<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>({ type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }),
    ),
    /** `{name}` stands for any one segment, e.g. `/chat/threads/{thread}/messages`. Requests only. */
    path: Type.Optional(Type.String({ maxLength: 512 })),
    /** Raw id of the caller, or of the user whose live connection it is. */
    user: Type.Optional(Type.String({ maxLength: 512 })),
    /** Name of a resource. */
    resource: Type.Optional(Type.String({ maxLength: 63 })),
    /** Pushes only. */
    event: Type.Optional(Type.Unsafe<LiveEvent>({ type: 'string', enum: [...LIVE_EVENTS] })),
    /** Thread of the event. Pushes only. */
    thread: Type.Optional(Type.String({ maxLength: 512 })),
    /** Type of an event, case does not matter; `Microsoft.Communication.` may be left out. Deliveries only. */
    eventType: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    /** Name of an event subscription. Deliveries only. */
    subscription: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  strict,
);
export type FaultMatch = Static<typeof FaultMatch>;

/** Exactly one of `status`, `latencyMs`, `dropBefore`, `dropAfter` and `truncate`. */
export const HttpFault = Type.Object(
  {
    /** Answers in the place of the operation. */
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    message: Type.Optional(Type.String({ maxLength: 500 })),
    retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
    /** Holds the request back before it is worked on. */
    latencyMs: Type.Optional(Type.Union([Milliseconds, Type.Object({ min: Milliseconds, max: Milliseconds }, strict)])),
    /** Cuts the connection before the request has any effect. */
    dropBefore: Type.Optional(Yes),
    /** Cuts the connection in the place of the answer: the effect is there, and lasts. */
    dropAfter: Type.Optional(Yes),
    /** Cuts the connection in the middle of the answer. */
    truncate: Type.Optional(Yes),
  },
  strict,
);
export type HttpFault = Static<typeof HttpFault>;

/** `now`: connections that are open when the rule is set; `onPush`: in the place of the next push. */
const When = Type.Unsafe<'now' | 'onPush'>({ type: 'string', enum: ['now', 'onPush'] });

/** Exactly one of these. */
export const LiveFault = Type.Object(
  {
    /** Cuts the live connection. */
    dropSocket: Type.Optional(When),
    /** Neither reads nor writes the live connection any more, and keeps it open. */
    halfOpen: Type.Optional(When),
    /** Pushes twice. */
    duplicatePush: Type.Optional(Yes),
    latePush: Type.Optional(Type.Object({ delayMs: Milliseconds }, strict)),
    losePush: Type.Optional(Yes),
    /** Pushes behind the next push to the same user, or alone after five seconds. */
    reorder: Type.Optional(Yes),
  },
  strict,
);
export type LiveFault = Static<typeof LiveFault>;

/** What becomes of a delivery of events. Exactly one of these. */
export const DeliveryFault = Type.Object(
  {
    /** Delivers twice. */
    duplicate: Type.Optional(Yes),
    delayMs: Type.Optional(Milliseconds),
    /** Delivers behind the next delivery to the same subscription, or alone after five seconds. */
    reorder: Type.Optional(Yes),
    /** Goes on as if the endpoint had answered so, and does not ask it. */
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
  },
  strict,
);
export type DeliveryFault = Static<typeof DeliveryFault>;

/** What a rule has seen and done so far. Ignored where rules are set, so that what was read may be put back. */
const FaultRuleState = Type.Object({ matched: Type.Integer(), struck: Type.Integer(), spent: Type.Boolean() });

/**
 * A fault on command. Of the rules that fit a request or push, the first that strikes decides.
 *
 * @example
 * { name: 'busy', match: { operation: 'ChatThread_SendChatMessage' }, count: 2, http: { status: 503, retryAfterSeconds: 1 } }
 */
export const FaultRule = Type.Object(
  {
    /** Named in answers, request log and lists; `rule-1` and so on by default. */
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Everything, when left out. */
    match: Type.Optional(FaultMatch),
    /** Lets the first so many matches pass. */
    skip: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_COUNT })),
    /** Strikes every n-th match after those skipped. */
    every: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_COUNT })),
    /** Strikes this part of the matches, by chance. */
    share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    /** Makes the chance the same each time the rule is set. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    /** How often it strikes at most. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_COUNT })),
    /** ISO 8601 time, by the clock of the server, from which it strikes no more. */
    until: Type.Optional(Type.String({ maxLength: 64 })),
    http: Type.Optional(HttpFault),
    live: Type.Optional(LiveFault),
    delivery: Type.Optional(DeliveryFault),
    state: Type.Optional(Type.Unsafe<Static<typeof FaultRuleState>>({ ...FaultRuleState })),
  },
  strict,
);
export type FaultRule = Static<typeof FaultRule>;

const MAX_RULES = 100;
const FaultRuleInForce = Type.Object({
  ...FaultRule.properties,
  name: Type.String(),
  state: FaultRuleState,
});
export type FaultRuleInForce = Static<typeof FaultRuleInForce>;

const FaultRulesInForce = Type.Object({ rules: Type.Array(FaultRuleInForce) });
const path = '/admin/faults/rules';

export const listFaultRules = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListFaultRules',
  method: 'GET',
  path,
  summary: 'Lists the fault rules, and how often each has struck',
  responses: { 200: FaultRulesInForce },
});

export const setFaultRules = operation({
  ...admin,
  id: 'Admin_SetFaultRules',
  method: 'PUT',
  path,
  summary: 'Replaces all fault rules; they are kept in memory only',
  body: Type.Object({ rules: Type.Array(FaultRule, { maxItems: MAX_RULES }) }, strict),
  responses: { 200: FaultRulesInForce },
});

export const addFaultRule = operation({
  ...admin,
  id: 'Admin_AddFaultRule',
  method: 'POST',
  path,
  summary: 'Adds one fault rule behind the others',
  body: FaultRule,
  responses: { 201: FaultRuleInForce },
});

export const clearFaultRules = operation({
  ...admin,
  id: 'Admin_ClearFaultRules',
  method: 'DELETE',
  path,
  summary: 'Removes all fault rules',
  responses: { 204: null },
});

export const removeFaultRule = operation({
  ...admin,
  id: 'Admin_RemoveFaultRule',
  method: 'DELETE',
  path: `${path}/{ruleName}`,
  summary: 'Removes one fault rule',
  params: Type.Object({ ruleName: Type.String({ minLength: 1, maxLength: 64 }) }),
  responses: { 204: null },
});
