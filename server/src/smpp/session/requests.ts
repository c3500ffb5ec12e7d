import { Fifo } from '../../lib/fifo.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { Answer, Body, Pdu } from '../pdu/body.ts';
import type { Unreadable } from '../pdu/codec.ts';
import type { Failure } from '../pdu/failure.ts';
import { MAX_SEQUENCE } from '../pdu/field.ts';
import { STATUS } from '../pdu/status.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Outcome } from './outcome.ts';
import { answers } from './rules.ts';

type Asked = Exclude<Body, Answer>;
type Settle = (outcome: Outcome) => void;

interface Outstanding {
  readonly asked: Asked['command'];
  readonly sentMs: number;
  readonly settle: Settle;
}

interface Waiting {
  readonly body: Asked;
  readonly tlvs: readonly Tlv[];
  readonly settle: Settle;
}

export interface RequestsOptions {
  readonly timers: Timers;
  /** Requests that may be without answer at once. */
  readonly window: number;
  /** Requests that may wait for a place in the window. */
  readonly maxWaiting: number;
  readonly responseTimeoutMs: number;
  /** Hands a PDU to the connection. @returns why it cannot be written */
  readonly send: (pdu: Pdu) => Failure | undefined;
  /** Called whenever there are fewer of them. */
  readonly onSettled: () => void;
}

/** The requests of one side: their sequence numbers, the window, and how long each may be without answer. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #outstanding = new Map<number, Outstanding>();
  readonly #waiting = new Fifo<Waiting>();
  #sequence = 0;
  #timer: Timer | undefined;
  #isSuspended = false;
  /** No request is given up before. */
  #patientUntilMs = 0;
  /** Why nothing is asked any more. */
  #closed: string | undefined;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Requests without answer, those that wait included. */
  get size(): number {
    return this.#outstanding.size + this.#waiting.size;
  }

  /** Asks when there is a place in the window. */
  ask(body: Asked, tlvs: readonly Tlv[]): Promise<Outcome> {
    return new Promise((settle) => {
      if (this.#closed !== undefined) settle({ kind: 'unsent', reason: this.#closed });
      else if (this.#outstanding.size < this.#options.window) this.#send({ body, tlvs, settle });
      else if (this.#waiting.size < this.#options.maxWaiting) this.#waiting.add({ body, tlvs, settle });
      else settle({ kind: 'unsent', reason: `${this.#options.maxWaiting} requests wait already` });
    });
  }

  /** Asks at once: about the session itself. `settle` is called within the taking of the answer. */
  askNow(body: Asked, settle: Settle): void {
    this.#send({ body, tlvs: [], settle });
  }

  /** Takes an answer; one that nobody waits for is ignored. */
  answered(body: Answer, { sequence, status, tlvs }: Omit<Pdu, 'body'>): void {
    const request = this.#outstanding.get(sequence);
    if (request === undefined || !answers(body.command, request.asked)) return;
    if (status === STATUS.ESME_ROK && body.command !== 'generic_nack') this.#settle(sequence, { kind: 'accepted', body, tlvs });
    else this.#settle(sequence, { kind: 'refused', status, tlvs });
  }

  /** An answer came whose body makes no sense. What it refuses is refused all the same. */
  answeredBadly({ sequence, status, failure }: Unreadable): void {
    if (status !== STATUS.ESME_ROK) this.#settle(sequence, { kind: 'refused', status, tlvs: [] });
    else this.#settle(sequence, { kind: 'unanswered', reason: `the answer cannot be read: ${failure.reason}` });
  }

  /** Answers are not read for now: nothing is given up for the lack of them. */
  suspendTimeouts(): void {
    this.#isSuspended = true;
  }

  /** Answers are read again: each may take the whole time from now on. */
  resumeTimeouts(): void {
    this.#isSuspended = false;
    this.#patientUntilMs = this.#options.timers.monotonicMs() + this.#options.responseTimeoutMs;
  }

  /** Asks nothing more; what waits is not sent. */
  stop(reason: string): void {
    this.#closed ??= reason;
    for (let next = this.#waiting.take(); next !== undefined; next = this.#waiting.take()) next.settle({ kind: 'unsent', reason });
  }

  /** Nobody will answer any more. */
  close(reason: string): void {
    this.stop(reason);
    this.#timer?.cancel();
    for (const sequence of [...this.#outstanding.keys()]) this.#settle(sequence, { kind: 'unanswered', reason });
  }

  #send({ body, tlvs, settle }: Waiting): void {
    const sequence = this.#nextSequence();
    const failure = this.#options.send({ sequence, status: STATUS.ESME_ROK, body, tlvs });
    if (failure !== undefined) return settle({ kind: 'unsent', reason: failure.reason });
    this.#outstanding.set(sequence, { asked: body.command, sentMs: this.#options.timers.monotonicMs(), settle });
    this.#timer ??= this.#options.timers.after(this.#options.responseTimeoutMs, () => this.#expire());
  }

  #settle(sequence: number, outcome: Outcome): void {
    const request = this.#outstanding.get(sequence);
    if (request === undefined) return;
    this.#outstanding.delete(sequence);
    request.settle(outcome);
    while (this.#outstanding.size < this.#options.window) {
      const next = this.#waiting.take();
      if (next === undefined) break;
      this.#send(next);
    }
    this.#options.onSettled();
  }

  /** One timer for all: they lie in the order in which they were sent, and have the same time each. */
  #expire(): void {
    const { timers, responseTimeoutMs } = this.#options;
    this.#timer = undefined;
    const nowMs = timers.monotonicMs();
    const expired: number[] = [];
    for (const [sequence, { sentMs }] of this.#outstanding) {
      const untilMs = Math.max(sentMs + responseTimeoutMs, this.#patientUntilMs);
      const leftMs = this.#isSuspended ? responseTimeoutMs : untilMs - nowMs;
      if (leftMs > 0) {
        this.#timer = timers.after(leftMs, () => this.#expire());
        break;
      }
      expired.push(sequence);
    }
    for (const sequence of expired) this.#settle(sequence, { kind: 'unanswered', reason: `no answer came in ${responseTimeoutMs} ms` });
  }

  #nextSequence(): number {
    do {
      this.#sequence = this.#sequence === MAX_SEQUENCE ? 1 : this.#sequence + 1;
    } while (this.#outstanding.has(this.#sequence));
    return this.#sequence;
  }
}
