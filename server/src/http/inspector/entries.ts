import type { IncomingMessage } from 'node:http';
import type { Operation } from '@switchboard/contract';
import type { ApiError } from '../../lib/errors.ts';
import type { Answer } from '../answer.ts';
import type { Caller, Exchange } from '../exchange.ts';
import { maskHeaders } from './masking.ts';
import { bodyOf, ownCopy, type RequestEntry, type Traffic } from './request-entry.ts';

export interface AnsweredRequest {
  readonly exchange: Exchange;
  readonly operation: Operation | undefined;
  readonly status: number;
  readonly answeredAtMs: number;
  readonly durationMs: number;
  /** Undefined where headers and bodies are not to be kept. */
  readonly traffic: { readonly request: IncomingMessage; readonly answer: Answer } | undefined;
}

export function answeredEntry(answered: AnsweredRequest): RequestEntry {
  const { exchange, traffic } = answered;
  // Member by member: this runs for every request, and putting objects together by spreading them costs several times as much.
  return {
    id: exchange.requestId,
    answeredAtMs: answered.answeredAtMs,
    durationMs: answered.durationMs,
    method: exchange.method,
    target: shortened(exchange.target),
    status: answered.status,
    operation: answered.operation,
    caller: exchange.caller,
    refusal: exchange.refusal,
    fault: exchange.fault,
    traffic: traffic === undefined ? undefined : trafficOf(exchange, traffic),
  };
}

/** The entry of what Node's parser refused, which never became a request. */
export function malformedEntry(refused: Pick<RequestEntry, 'id' | 'answeredAtMs'> & { readonly refusal: ApiError }): RequestEntry {
  const { status } = refused.refusal;
  return { ...refused, method: '', target: '', durationMs: 0, status, operation: undefined, caller: undefined, traffic: undefined };
}

export interface FinishedUpgrade {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly answeredAtMs: number;
  readonly durationMs: number;
  readonly caller: Caller | undefined;
  /** Undefined: it was granted. */
  readonly refusal: ApiError | undefined;
}

/** The entry of a WebSocket handshake. */
export function upgradeEntry({ request, ...known }: FinishedUpgrade, isInspecting: boolean): RequestEntry {
  const { refusal } = known;
  const traffic = { requestHeaders: masked(request), requestBody: undefined, responseHeaders: [], responseBody: undefined };
  return {
    ...known,
    method: request.method ?? '',
    target: shortened(request.url ?? ''),
    status: refusal?.status ?? 101,
    operation: undefined,
    traffic: isInspecting ? traffic : undefined,
  };
}

function trafficOf({ rawBody, caller, refusal }: Exchange, traffic: NonNullable<AnsweredRequest['traffic']>): Traffic {
  const { request, answer } = traffic;
  const isFile = caller === undefined && refusal === undefined;
  return {
    requestHeaders: masked(request),
    requestBody: bodyOf(rawBody),
    responseHeaders: answer.headers,
    responseBody: isFile ? undefined : bodyOf(answer.body),
  };
}

/** The request is over: nobody else needs its credentials. */
function masked({ rawHeaders }: IncomingMessage): readonly string[] {
  maskHeaders(rawHeaders);
  return rawHeaders;
}

const LONGEST_TARGET = 1_024;

function shortened(target: string): string {
  return target.length <= LONGEST_TARGET ? target : ownCopy(target.slice(0, LONGEST_TARGET));
}
