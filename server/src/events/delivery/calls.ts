import { CallFailure, CallGroup, type FailureReason, type HttpAnswer, type OutgoingRequest, type Sender } from '../../egress/index.ts';
import type { AttemptResult, Outcome } from './attempt.ts';
import { DETAIL_CHARACTERS, resultOf } from './notification.ts';

const FAILURES: Readonly<Record<FailureReason, Outcome>> = {
  timedOut: 'TimedOut',
  unresolved: 'ResolutionError',
  refused: 'Forbidden',
  socket: 'SocketError',
  abandoned: 'Aborted',
  noToken: 'Busy',
};

/** The calls of one endpoint: each ends in a result, and all can be ended. */
export class Calls {
  readonly #client: Sender;
  readonly #timeoutMs: number;
  readonly #group = new CallGroup();

  constructor({ client, timeoutMs }: { readonly client: Sender; readonly timeoutMs: number }) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /** @param explain what people should know of an answer */
  async attempt(request: Omit<OutgoingRequest, 'timeoutMs' | 'group'>, explain = textOf): Promise<AttemptResult> {
    try {
      const answer = await this.#client.send({ ...request, timeoutMs: this.#timeoutMs, group: this.#group });
      return resultOf({ status: answer.status, text: explain(answer) });
    } catch (error) {
      if (error instanceof CallFailure) return { outcome: FAILURES[error.reason], detail: error.message };
      throw error;
    }
  }

  end(): void {
    this.#group.end();
  }
}

function textOf({ status, headers, body }: HttpAnswer): string {
  if (status >= 300 && status < 400) return `redirected to ${String(headers.location)}; redirects are not followed`;
  // Characters have up to four bytes.
  return body.toString('utf8', 0, 4 * DETAIL_CHARACTERS);
}
