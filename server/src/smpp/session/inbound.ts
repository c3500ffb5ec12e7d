import type { Log } from '../../lib/log.ts';
import type { Request } from '../pdu/body.ts';
import { STATUS } from '../pdu/status.ts';
import type { Tlv } from '../pdu/tlv.ts';
import type { Reply, SessionOptions } from './session-options.ts';

export type InboundOptions = Pick<SessionOptions, 'onRequest' | 'side'> & {
  readonly log: Log;
  /** How many may be worked on at once. */
  readonly maxPending: number;
  /** There are so many, or not half of them any more. */
  readonly onHeld: (isHeld: boolean) => void;
  readonly onIdle: () => void;
};

/** What the other side asks and has no answer to yet. */
export class Inbound {
  readonly #options: InboundOptions;
  #size = 0;
  #isHeld = false;

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** There is too much to do: nothing more should be asked. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** @param answer is called once, at once or later */
  take(body: Request, tlvs: readonly Tlv[], answer: (reply: Reply) => void): void {
    let reply: Reply | Promise<Reply>;
    try {
      reply = this.#options.onRequest(body, tlvs);
    } catch (error) {
      reply = this.#failed(error);
    }
    if (reply instanceof Promise) this.#await(reply, answer);
    else answer(reply);
  }

  #await(reply: Promise<Reply>, answer: (reply: Reply) => void): void {
    this.#size += 1;
    if (this.#size >= this.#options.maxPending) this.#hold(true);
    const done = (given: Reply): void => {
      this.#size -= 1;
      answer(given);
      if (this.#size <= this.#options.maxPending / 2) this.#hold(false);
      if (this.#size === 0) this.#options.onIdle();
    };
    reply.then(done, (error: unknown) => done(this.#failed(error)));
  }

  #hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#options.onHeld(isHeld);
  }

  /** A fault of ours: the other side may try again. */
  #failed(error: unknown): Reply {
    this.#options.log.error({ err: error }, 'handler of an SMPP request failed');
    return { status: this.#options.side === 'esme' ? STATUS.ESME_RX_T_APPN : STATUS.ESME_RSYSERR };
  }
}
