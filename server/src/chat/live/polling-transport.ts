import type { Backlog, SlowReader } from '../../lib/backlog.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { LiveTransport } from './live-transport.ts';
import { encodePayload } from './packet.ts';

export interface PollingTransportOptions {
  readonly timers: Timers;
  /** What may wait for the next poll, in bytes; more ends the connection. */
  readonly maxBufferedBytes: number;
  /** Of all connections together; when that is too much, this one may be terminated for it. */
  readonly backlog: Backlog;
  /** Called once, when the connection has ended; possibly from within a send that found the client too slow. */
  onClose(): void;
}

/** How long a poll is held while there is nothing to tell: proxies give up on an answer after 30 s at the earliest. */
const HOLD_MS = 25_000;
/** How long a client may take to fetch the last packets of a connection that was closed. */
const FAREWELL_MS = 2_000;
/** RFC 6455 section 7.4.1 */
const NORMAL_CLOSURE = 1000;
const NOOP = '8::';
const DISCONNECT = '0::';
/** What framing adds to a packet, and the engine to a short text. */
const PACKET_OVERHEAD_BYTES = 32;
/** What waits between two polls of a client that is there is not worth counting. */
const COUNTED_FROM_BYTES = 16_384;

interface Waiting {
  readonly answer: (payload: string) => void;
  readonly timer: Timer;
}

/** `frozen`: open to the client, but no poll is answered any more. */
type State = 'open' | 'frozen' | 'closing' | 'closed';

/**
 * The server's side of socket.io 0.9 long polling: one poll of the client waits here at a time, and takes away everything
 * that was sent until then. Packets that come between two polls wait for the next, within a bound.
 */
export class PollingTransport implements LiveTransport, SlowReader {
  readonly isPolled = true;
  readonly #options: PollingTransportOptions;
  #state: State = 'open';
  #packets: string[] = [];
  #bufferedBytes = 0;
  #waiting: Waiting | undefined;
  #isFlushScheduled = false;
  #farewell: Timer | undefined;

  constructor(options: PollingTransportOptions) {
    this.#options = options;
  }

  /** Bytes that wait for the next poll. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  sendLatin1(packet: string): boolean {
    if (this.#state !== 'open') return false;
    this.#buffer(packet);
    // The bound is for what no poll takes away.
    if (this.#isOverfull) this.#flush();
    if (this.#isOverfull) this.cut();
    if (!this.#isOpen) return false;
    if (this.#waiting !== undefined && !this.#isFlushScheduled) {
      // What is sent in one turn of the event loop travels together.
      this.#isFlushScheduled = true;
      setImmediate(() => {
        this.#isFlushScheduled = false;
        this.#flush();
      });
    }
    return true;
  }

  sendAlong(packet: string): boolean {
    return this.sendLatin1(packet);
  }

  /**
   * Takes a poll of the client. An earlier one that still waits is answered with nothing: its client has given up on it.
   *
   * @param onAbandoned is given what to call when the client goes before the answer
   * @returns the payload to answer with
   */
  poll(onAbandoned: (action: () => void) => void): Promise<string> {
    this.#answer(NOOP);
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = { answer: resolve, timer: this.#options.timers.after(HOLD_MS, () => this.#answer(NOOP)) };
    if (this.#state === 'frozen') waiting.timer.cancel();
    this.#waiting = waiting;
    onAbandoned(() => {
      if (this.#waiting === waiting) this.#answer(NOOP);
    });
    this.#flush();
    if (this.#state === 'closing') this.#end();
    return promise;
  }

  freeze(): void {
    if (this.#state !== 'open') return;
    this.#state = 'frozen';
    this.#forget();
    this.#waiting?.timer.cancel();
  }

  close(code: number): void {
    // A client that took its leave fetches no last words.
    if (code === NORMAL_CLOSURE || this.#state === 'frozen') this.terminate();
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    if (this.#packets.at(-1)?.startsWith(DISCONNECT) !== true) this.#buffer(DISCONNECT);
    if (this.#waiting === undefined) this.#farewell = this.#options.timers.after(FAREWELL_MS, () => this.#end());
    else {
      this.#flush();
      this.#end();
    }
  }

  cut(): void {
    this.terminate();
  }

  terminate(): void {
    this.#answer(DISCONNECT);
    this.#end();
  }

  get #isOverfull(): boolean {
    return this.#bufferedBytes > this.#options.maxBufferedBytes;
  }

  /** Asked anew after what may have ended the connection. */
  get #isOpen(): boolean {
    return this.#state === 'open';
  }

  #buffer(packet: string): void {
    this.#packets.push(packet);
    this.#bufferedBytes += packet.length + PACKET_OVERHEAD_BYTES;
    if (this.#bufferedBytes > COUNTED_FROM_BYTES) this.#options.backlog.note(this, this.#bufferedBytes);
  }

  #flush(): void {
    if (this.#waiting === undefined || this.#packets.length === 0) return;
    const packets = this.#packets;
    this.#forget();
    this.#answer(encodePayload(packets));
  }

  #answer(payload: string): void {
    this.#waiting?.timer.cancel();
    this.#waiting?.answer(payload);
    this.#waiting = undefined;
  }

  #forget(): void {
    this.#packets = [];
    if (this.#bufferedBytes > COUNTED_FROM_BYTES) this.#options.backlog.note(this, 0);
    this.#bufferedBytes = 0;
  }

  #end(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#farewell?.cancel();
    this.#forget();
    this.#options.onClose();
  }
}
