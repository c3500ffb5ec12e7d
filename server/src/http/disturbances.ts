import type { ServerResponse } from 'node:http';
import type { Operation } from '@switchboard/contract';
import type { RequestEffect, RequestFaults } from '../faults/index.ts';
import type { Timer, Timers } from '../lib/timers.ts';
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

export interface DisturbancesOptions {
  readonly faults: RequestFaults;
  readonly timers: Timers;
}

interface Admitted {
  readonly operation: Operation;
  readonly exchange: Exchange;
  readonly response: ServerResponse;
}

/** Names the rule that had a hand in an answer. */
export const FAULT_HEADER = 'x-switchboard-fault';

/** Carries out what fault rules do to requests. */
export class Disturbances {
  readonly #options: DisturbancesOptions;
  /** Requests that a rule holds back. */
  readonly #held = new Map<Timer, () => void>();

  constructor(options: DisturbancesOptions) {
    this.#options = options;
  }

  /**
   * Asks the rules about a request that was admitted, and waits as long as they want. From then on what happens to the
   * response is theirs: the operation may answer as ever.
   *
   * @returns the answer that stands in the place of the operation's, with the status 0 when it never arrives
   */
  async apply({ operation, exchange, response }: Admitted): Promise<Answer | undefined> {
    const strike = this.#options.faults.strike({ operation, params: exchange.route?.params ?? {}, ...callerOf(exchange) });
    if (strike === undefined) return undefined;
    const { rule, effect } = strike;
    const delayMs = effect.kind === 'latency' ? effect.delayMs() : 0;
    exchange.fault = { rule, cause: `The fault rule ${JSON.stringify(rule)} ${deedOf(effect, delayMs)}.` };
    switch (effect.kind) {
      case 'status':
        return answerOf(effect);
      case 'latency':
        await this.#pass(delayMs);
        return undefined;
      case 'dropBefore':
        cutAnswer(response, 'nothing');
        return { status: 0, headers: [], body: undefined };
      case 'dropAfter':
        cutAnswer(response, 'nothing');
        return undefined;
      case 'truncate':
        cutAnswer(response, 'half');
        return undefined;
    }
  }

  /** Lets everything go on that is held back: a stop does not wait for it. */
  release(): void {
    for (const [timer, goOn] of this.#held) {
      timer.cancel();
      goOn();
    }
    this.#held.clear();
  }

  #pass(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.timers.after(delayMs, () => {
        this.#held.delete(timer);
        resolve();
      });
      this.#held.set(timer, resolve);
    });
  }
}

function callerOf({ caller }: Exchange): { readonly resourceId: string | undefined; readonly user: string | undefined } {
  const resourceId = caller !== undefined && 'resource' in caller ? caller.resource.id : undefined;
  return { resourceId, user: caller?.kind === 'user' ? caller.identity : undefined };
}

function deedOf(effect: RequestEffect, delayMs: number): string {
  switch (effect.kind) {
    case 'status':
      return `answered ${effect.status} in the place of the operation; nothing was done`;
    case 'latency':
      return `held the request back for ${delayMs} ms`;
    case 'dropBefore':
      return 'cut the connection before anything was done';
    case 'dropAfter':
      return 'cut the connection in the place of the answer; what was done lasts';
    case 'truncate':
      return 'cut the connection in the middle of the answer; what was done lasts';
  }
}

function answerOf({ status, code, message, retryAfterSeconds }: Extract<RequestEffect, { kind: 'status' }>): Answer {
  const headers = ['content-type', 'application/json; charset=utf-8', 'x-ms-error-code', code];
  if (retryAfterSeconds !== undefined) headers.push('retry-after', String(retryAfterSeconds));
  const error = { code, message: message ?? 'A fault rule answers in the place of the server.' };
  return { status, headers, body: JSON.stringify({ error }) };
}

/**
 * Lets the answer be made as ever, and cuts the connection in its place or in its middle. Acts on the response itself because that is
 * where every answer passes, refusals included.
 */
function cutAnswer(response: ServerResponse, sent: 'nothing' | 'half'): void {
  const { socket } = response;
  const write = response.write.bind(response);
  if (sent === 'nothing') response.writeHead = () => response;
  response.write = () => true;
  response.end = (chunk?: unknown) => {
    const bytes = typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
    if (sent === 'nothing' || bytes.length < 2) socket?.destroy();
    else write(bytes.subarray(0, bytes.length >> 1), () => socket?.destroy());
    return response;
  };
}
