import { type FaultMatch, type LiveEvent, type Operation, OPERATIONS } from '@switchboard/contract';
import { faultErrors } from './errors.ts';
import { fits, mayFit, parsePattern } from './path-pattern.ts';

/** A request as rules see it. */
export interface RequestSubject {
  readonly operation: Operation;
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly resourceId: string | undefined;
  /** Raw id of the caller, when it is a user. */
  readonly user: string | undefined;
}

type Caller = Pick<RequestSubject, 'resourceId' | 'user'>;

/** A live connection as rules see it. */
export interface SocketSubject {
  readonly resourceId: string;
  readonly user: string;
}

/** A push to one user as rules see it. */
export interface PushSubject extends SocketSubject {
  readonly event: LiveEvent;
  readonly threadId: string;
}

/** A delivery of events to one subscription as rules see it. */
export interface DeliverySubject {
  /** Of the resource or custom topic. */
  readonly sourceId: string;
  readonly eventType: string;
  readonly subscription: string;
}

/** Gives the id of a resource by its name. */
export type FindResource = (name: string) => string | undefined;

export interface MatchContext {
  readonly match: FaultMatch;
  /** Path of the rule in what was sent, e.g. `rules[3].`. */
  readonly at: string;
  readonly findResource: FindResource;
}

/** The admin API stays usable whatever the rules, and so do the probes of whoever watches over the server. */
function isSpared({ auth, path }: Operation): boolean {
  return auth === 'admin' || /^\/(?:admin|health|ready|metrics)(?:\/|$)/.test(path);
}

/** @throws ApiError 400 naming the field */
export function requestMatcher({ match, at, findResource }: MatchContext): (subject: RequestSubject) => boolean {
  refuse(match, ['event', 'thread'], { at, why: 'is for live rules; give an operation, or method and path' });
  refuse(match, OF_DELIVERIES, { at, why: 'is for delivery rules' });
  const { method } = match;
  const fitsUser = userMatcher({ match, at, findResource });
  const named = match.operation === undefined ? undefined : operationNamed(match.operation, at);
  const pattern = match.path === undefined ? undefined : patternOf(match.path, method, at);
  return ({ operation, params, ...caller }) =>
    !isSpared(operation) &&
    (named === undefined || operation.id === named.id) &&
    (method === undefined || operation.method === method) &&
    (pattern === undefined || fits(pattern, operation, params)) &&
    fitsUser(caller);
}

/** @throws ApiError 400 naming the field */
export function socketMatcher(context: MatchContext): (subject: SocketSubject) => boolean {
  refuse(context.match, ['event', 'thread'], { at: context.at, why: 'cannot stand beside "now", which waits for no push' });
  return pushMatcher(context);
}

/** @throws ApiError 400 naming the field */
export function pushMatcher(context: MatchContext): (subject: SocketSubject & Partial<PushSubject>) => boolean {
  const { match, at } = context;
  refuse(match, OF_REQUESTS, { at, why: 'is for http rules; give an event' });
  refuse(match, OF_DELIVERIES, { at, why: 'is for delivery rules' });
  const fitsUser = userMatcher(context);
  return (subject) =>
    fitsUser(subject) &&
    (match.event === undefined || subject.event === match.event) &&
    (match.thread === undefined || subject.threadId === match.thread);
}

/** @throws ApiError 400 naming the field */
export function deliveryMatcher({ match, at, findResource }: MatchContext): (subject: DeliverySubject) => boolean {
  refuse(match, OF_REQUESTS, { at, why: 'is for http rules; give an eventType or subscription' });
  refuse(match, ['user', 'event', 'thread'], { at, why: 'is for http and live rules; give an eventType or subscription' });
  checkResource({ match, at, findResource });
  const { resource } = match;
  const type = match.eventType?.toLowerCase();
  const name = match.subscription?.toLowerCase();
  return ({ sourceId, eventType, subscription }) =>
    (type === undefined || [type, `microsoft.communication.${type}`].includes(eventType.toLowerCase())) &&
    (name === undefined || subscription.toLowerCase() === name) &&
    (resource === undefined || sourceId === findResource(resource));
}

const OF_REQUESTS = ['operation', 'method', 'path'] as const;
const OF_DELIVERIES = ['eventType', 'subscription'] as const;

function checkResource({ match: { resource }, at, findResource }: MatchContext): void {
  if (resource !== undefined && findResource(resource) === undefined)
    throw faultErrors.invalid(`${at}match.resource`, 'names no resource of this server');
}

function userMatcher({ match, at, findResource }: MatchContext): (subject: Caller) => boolean {
  const { user, resource } = match;
  checkResource({ match, at, findResource });
  // Looked up anew each time: after a restored snapshot another resource may have the name.
  return (subject) =>
    (user === undefined || subject.user === user) && (resource === undefined || subject.resourceId === (findResource(resource) ?? ''));
}

function operationNamed(id: string, at: string): Operation {
  const target = `${at}match.operation`;
  const operation = OPERATIONS.find((candidate) => candidate.id === id);
  if (operation === undefined) throw faultErrors.invalid(target, 'names no operation; the reference page of operations lists their ids');
  if (isSpared(operation)) throw faultErrors.invalid(target, 'is one that no rule may disturb, like all of the admin API');
  return operation;
}

function patternOf(path: string, method: string | undefined, at: string): NonNullable<ReturnType<typeof parsePattern>> {
  const target = `${at}match.path`;
  const pattern = parsePattern(path);
  if (pattern === undefined) throw faultErrors.invalid(target, 'must be a path such as /chat/threads/{thread}/messages');
  const found = OPERATIONS.filter((operation) => mayFit(pattern, operation) && (method === undefined || operation.method === method));
  if (found.length === 0)
    throw faultErrors.invalid(target, `fits the path of no operation${method === undefined ? '' : ` with the method ${method}`}`);
  if (found.every(isSpared)) throw faultErrors.invalid(target, 'is one that no rule may disturb, like all of the admin API');
  return pattern;
}

function refuse(
  match: FaultMatch,
  fields: readonly (keyof FaultMatch)[],
  { at, why }: { readonly at: string; readonly why: string },
): void {
  for (const field of fields) if (match[field] !== undefined) throw faultErrors.invalid(`${at}match.${field}`, why);
}
