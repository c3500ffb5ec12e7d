import type { IncomingMessage } from 'node:http';
import type { BodyOf, Operation, ParamsOf, QueryOf } from '@switchboard/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkApiVersion } from './api-version.ts';
import type { Call, CallerOf, Handler } from './call.ts';
import { hashOf, textOf } from './content.ts';
import { httpErrors } from './errors.ts';
import { exchangeOf, originOf } from './exchange.ts';
import { check, checkIntegers, compileValidators, type Validators } from './validation.ts';

export type FastifyHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Joins an operation of the contract to its handler: checks what came in, sends what comes out. */
export function operationRoute<T extends Operation>(operation: T, handler: Handler<T>): FastifyHandler {
  const validators = compileValidators(operation);
  return async (request, reply) => {
    const { status, headers, body } = await handler(callOf({ operation, validators, request, reply }));
    void reply.code(status);
    if (headers !== undefined) void reply.headers(headers);
    return reply.send(body);
  };
}

/** The schemas of an operation's successes, by status. */
export function responsesOf(operation: Operation): Record<string, object> {
  return Object.fromEntries(Object.entries(operation.responses).filter((entry): entry is [string, object] => entry[1] !== null));
}

interface Received<T extends Operation> {
  readonly operation: T;
  readonly validators: Validators;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** @throws ApiError 400 naming the field that is wrong */
function callOf<T extends Operation>({ operation, validators, request, reply }: Received<T>): Call<T> {
  const exchange = exchangeOf(request.raw);
  const apiVersion = operation.apiVersion ? checkApiVersion((request.query as Record<string, unknown>)['api-version']) : '';
  const params = { ...exchange.route?.params };
  check(validators.params, params);
  checkIntegers(operation.query, request.query as Readonly<Record<string, unknown>>);
  check(validators.query, request.query);
  const body = request.body ?? (operation.bodyOptional === true ? {} : undefined);
  if (validators.body !== undefined && body === undefined) throw httpErrors.invalid('body', 'is required');
  check(validators.body, body);
  return {
    // Validated just above against the schemas these types come from.
    params: params as ParamsOf<T>,
    query: request.query as QueryOf<T>,
    body: body as BodyOf<T>,
    caller: exchange.caller as CallerOf<T['auth']>,
    requestId: exchange.requestId,
    origin: originOf(exchange),
    apiVersion,
    header: (name) => headerOf(request.raw, name),
    bodyHash: () => hashOf(exchange.rawBody),
    text: () => textOf(exchange.rawBody),
    onAbandoned: (action) => void reply.raw.once('close', () => (reply.raw.writableFinished ? undefined : action())),
  };
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
