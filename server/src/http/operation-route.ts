import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { BodyOf, Operation, ParamsOf, QueryOf } from '@switchboard/contract';
import { build as buildSerializer } from 'fast-json-stringify';
import type { Answer } from './answer.ts';
import { checkApiVersion, checkKnownVersion } from './api-version.ts';
import type { Call, CallerOf, Handler } from './call.ts';
import { hashOf, parseContent, textOf } from './content.ts';
import { httpErrors } from './errors.ts';
import { type Exchange, originOf } from './exchange.ts';
import { check, checkIntegers, compileValidators, type Validators } from './validation.ts';

/** A request that was admitted and has arrived whole. */
export interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly exchange: Exchange;
}

export type RouteHandler = (received: Received) => Answer | Promise<Answer>;

/**
 * Joins an operation of the contract to its handler: checks what came in, writes out what comes back. Checks and writers
 * are compiled by the first request, which keeps the start short.
 */
export function operationRoute<T extends Operation>(operation: T, handler: Handler<T>): RouteHandler {
  let validators: Validators | undefined;
  const writers = new Map<number, (body: unknown) => string>();
  const write = (status: number, body: unknown): string => {
    let writer = writers.get(status);
    if (writer === undefined) writers.set(status, (writer = writerOf(operation, status)));
    return writer(body);
  };
  return async (received) => {
    validators ??= compileValidators(operation);
    const { status, headers, body } = await handler(callOf({ operation, validators, ...received }));
    const all = Object.entries(headers ?? {}).flat();
    if (body === undefined) return { status, headers: all, body: undefined };
    if (typeof body === 'string') return { status, headers: all, body };
    all.push('content-type', 'application/json; charset=utf-8');
    return { status, headers: all, body: write(status, body) };
  };
}

/** Writes what the operation declares for a status and leaves out everything else. */
function writerOf(operation: Operation, status: number): (body: unknown) => string {
  const schema = operation.responses[status];
  return schema === undefined || schema === null ? (body) => JSON.stringify(body) : buildSerializer(schema);
}

interface CallParts<T extends Operation> extends Received {
  readonly operation: T;
  readonly validators: Validators;
}

/** @throws ApiError 400 naming the field that is wrong */
function callOf<T extends Operation>({ operation, validators, request, response, exchange }: CallParts<T>): Call<T> {
  const { target, rawBody } = exchange;
  const received = operation.textBody === true ? undefined : parseContent(rawBody, request.headers['content-type']);
  const mark = target.indexOf('?');
  const query: Record<string, unknown> = mark === -1 ? {} : parseQuery(target.slice(mark + 1));
  const apiVersion = versionOf(operation, query['api-version']);
  const params = exchange.route?.params;
  check(validators.params, params);
  checkIntegers(validators.integers, query);
  check(validators.query, query);
  const body = received ?? (operation.bodyOptional === true ? {} : undefined);
  if (validators.body !== undefined && body === undefined) throw httpErrors.invalid('body', 'is required');
  check(validators.body, body);
  return {
    // Validated just above against the schemas these types come from.
    params: params as ParamsOf<T>,
    query: query as QueryOf<T>,
    body: body as BodyOf<T>,
    caller: exchange.caller as CallerOf<T['auth']>,
    requestId: exchange.requestId,
    origin: originOf(exchange),
    apiVersion,
    header: (name) => headerOf(request, name),
    bodyHash: () => hashOf(rawBody),
    text: () => textOf(rawBody),
    onAbandoned: (action) => void response.once('close', () => (response.writableFinished ? undefined : action())),
  };
}

function versionOf({ apiVersion }: Operation, value: unknown): string {
  if (typeof apiVersion === 'boolean') return apiVersion ? checkApiVersion(value) : '';
  return checkKnownVersion(value, apiVersion);
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
