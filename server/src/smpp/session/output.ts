import type { Socket } from 'node:net';
import type { Pdu } from '../pdu/body.ts';
import { encode } from '../pdu/codec.ts';
import type { Failure } from '../pdu/failure.ts';
import { Writer } from '../pdu/writer.ts';

/** What may gather before it is written without waiting for the end of the turn. */
const FULL_BYTES = 64 * 1_024;

/** PDUs on their way out: all of one turn of the event loop leave in one write, which costs the kernel more than everything else. */
export class Output {
  readonly #socket: Socket;
  readonly #writer = new Writer();
  #isFlushScheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The other side does not take what was written. */
  get isClogged(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** @returns why the PDU cannot be written, and then it is not */
  send(pdu: Pdu): Failure | undefined {
    const failure = encode(this.#writer, pdu);
    if (failure !== undefined) return failure;
    if (this.#writer.length > FULL_BYTES) this.flush();
    else if (!this.#isFlushScheduled) {
      this.#isFlushScheduled = true;
      setImmediate(() => {
        this.#isFlushScheduled = false;
        this.flush();
      });
    }
    return undefined;
  }

  flush(): void {
    if (this.#writer.length > 0 && this.#socket.writable) this.#socket.write(this.#writer.take());
  }
}
