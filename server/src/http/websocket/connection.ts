import type { Socket } from 'node:net';
import type { Backlog, SlowReader } from '../../lib/backlog.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import { BUSY_GAP_MS, type Flushable, flushAtLast, flushLater, flushSoon } from './flushes.ts';
import { closeFrame, pingFrame, pongFrame, textFrameHeader } from './frame.ts';
import { Receiver } from './receiver.ts';

export interface WebSocketConnectionOptions {
  /** From the `upgrade` event, after the 101 response was written to it. */
  readonly socket: Socket;
  /** From the `upgrade` event: what the client sent behind its handshake. */
  readonly head: Buffer;
  readonly timers: Timers;
  readonly log: Log;
  /** A longer message closes with 1009. */
  readonly maxMessageBytes: number;
  /** What may wait for a client that does not read; more terminates it. Must exceed the longest single message sent. */
  readonly maxBufferedBytes: number;
  /** Of all connections together; when that is too much, this one may be terminated for it. */
  readonly backlog: Backlog;
  /** How long the peer may take for its part of the close handshake. */
  readonly closeTimeoutMs: number;
  /** Called for each text message until the connection begins to close. */
  onMessage(text: string): void;
  /**
   * Called once, when the connection has ended; possibly from within a send that found the reader too slow. Code and
   * reason are those of the close frame sent first by either side (1005 if it had none), or 1006 without a handshake.
   */
  onClose(code: number, reason: string): void;
}

/** `frozen`: open to the peer only. `ending`: both close frames are through, or the peer broke the protocol, and only the transport is to be closed. */
type State = 'open' | 'frozen' | 'closing' | 'ending' | 'closed';

const NO_CODE = 1005;
const ABNORMAL = 1006;
const INTERNAL_ERROR = 1011;
const SLOW_READER = 'slow reader';

/**
 * The server's side of one WebSocket, RFC 6455. Frames gather in one latin1 string and leave in one write per turn of the
 * event loop, because the kernel's send is the dearest part of a push.
 */
export class WebSocketConnection implements SlowReader, Flushable {
  /** Without the head: it is a slice of what was read, and would keep all 64 kB of that. */
  readonly #options: Omit<WebSocketConnectionOptions, 'head'>;
  readonly #socket: Socket;
  readonly #receiver: Receiver;
  #state: State = 'open';
  /** Frames that wait for the next flush, one character for each byte. */
  #pending = '';
  /** What the operating system had not taken after the last write; by now it may have. */
  #unsent = 0;
  #isFlushScheduled = false;
  #isAlongScheduled = false;
  #flushedMs = -BUSY_GAP_MS;
  /** The pong owed to a client that sends pings but does not read. */
  #latePong = '';
  /** What to report once `ending` is over: the close frame that was sent first. */
  #verdict = { code: NO_CODE, reason: '' };
  #closeTimer: Timer | undefined;

  constructor({ head, ...options }: WebSocketConnectionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#receiver = new Receiver(options.maxMessageBytes, {
      onText: (text) => this.#deliver(text),
      onPing: (payload) => this.#answerPing(pongFrame(payload).toString('latin1')),
      onClose: (code, reason) => this.#answerClose(code, reason),
      onFailure: (code, reason) => this.#fail(code, reason),
    });
    this.#listen(head);
  }

  /** Bytes that were sent here but not yet taken by the operating system. */
  get bufferedBytes(): number {
    return this.#pending.length + this.#socket.writableLength;
  }

  /**
   * Sends a text message with the next flush.
   *
   * @param payload one character for each byte of its UTF-8 form: ASCII, JSON with `\u` escapes for everything else
   * @returns false when it was dropped because the connection is closing or closed, or by now too slow
   */
  sendLatin1(payload: string): boolean {
    return this.#state === 'open' && this.#enqueue(textFrameHeader(payload.length) + payload);
  }

  /** As {@link sendLatin1}, for what nobody waits for: it leaves together with the next message, or after a moment without one. */
  sendAlong(payload: string): boolean {
    if (this.#state !== 'open' || !this.#append(textFrameHeader(payload.length) + payload)) return false;
    if (this.#isFlushScheduled || this.#isAlongScheduled) return true;
    this.#isAlongScheduled = true;
    flushAtLast(this, this.#options.timers);
    return true;
  }

  /** Sends any text; {@link sendLatin1} is cheaper where the text is known to be ASCII. */
  sendText(text: string): boolean {
    const isAscii = Buffer.byteLength(text) === text.length;
    return this.sendLatin1(isAscii ? text : Buffer.from(text).toString('latin1'));
  }

  /** Sends a ping, which keeps middleboxes from dropping a silent connection. */
  ping(): void {
    if (this.#state === 'open') this.#enqueue(pingFrame().toString('latin1'));
  }

  /** Writes what is pending now instead of at the end of this turn of the event loop. */
  flush(): void {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#socket.write(text, 'latin1');
    this.#unsent = this.#socket.writableLength;
    // Only who owes a `drain` is counted: it tells when nothing waits any more, and nobody else pays for the counting.
    if (this.#unsent > 0 && this.#socket.writableNeedDrain) this.#options.backlog.note(this, this.#unsent);
  }

  /**
   * Begins the close handshake; nothing is sent or delivered from here on. Without effect once closing.
   *
   * @throws RangeError for a code that must not be sent
   */
  close(code = 1000, reason = ''): void {
    if (this.#state === 'frozen') this.terminate(reason);
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#verdict = { code, reason };
    this.#sendClose(closeFrame(code, reason));
  }

  /** Drops what is pending and to come, and reads no more, but leaves the transport open: a peer that went away without a word. */
  freeze(): void {
    if (this.#state !== 'open') return;
    this.#state = 'frozen';
    this.#pending = '';
    this.#latePong = '';
    this.#socket.pause();
  }

  /** Ends a connection that does not read, and drops what waits for it. */
  cut(): void {
    this.#tearDown(ABNORMAL, SLOW_READER);
  }

  /** Ends the connection at once, without a handshake; what was sent before is still offered to the operating system. */
  terminate(reason = 'terminated'): void {
    if (this.#state !== 'closed') this.flush();
    this.#tearDown(ABNORMAL, reason);
  }

  #listen(head: Buffer): void {
    const socket = this.#socket;
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#transportEnded(messageOf(error)));
    socket.on('close', () => this.#transportEnded('connection lost'));
    // Server sockets stay half open after the peer's FIN unless they are ended here.
    socket.on('end', () => this.#transportEnded('connection lost'));
    socket.on('drain', () => this.#drained());
    if (head.length > 0) socket.unshift(head);
    socket.on('data', (chunk) => this.#receiver.push(chunk));
  }

  #enqueue(frame: string): boolean {
    if (!this.#append(frame)) return false;
    if (!this.#isFlushScheduled) this.#scheduleFlush();
    return true;
  }

  /** @returns false when the reader was too slow and has been cut */
  #append(frame: string): boolean {
    this.#pending += frame;
    // What the operating system has not taken can only have grown by the last flush.
    if (this.#unsent + this.#pending.length > this.#options.maxBufferedBytes && this.#isTooSlow()) {
      this.cut();
      return false;
    }
    // Offering everything may have ended it.
    return this.#state !== 'closed';
  }

  /** The bound is for what the operating system refuses, so it is offered everything first. */
  #isTooSlow(): boolean {
    this.flush();
    return this.bufferedBytes > this.#options.maxBufferedBytes;
  }

  #scheduleFlush(): void {
    this.#isFlushScheduled = true;
    const { timers } = this.#options;
    const isBusy = timers.monotonicMs() - this.#flushedMs < BUSY_GAP_MS;
    if (isBusy) flushLater(this, timers);
    else flushSoon(this);
  }

  /** The scheduled flush. */
  flushNow(): void {
    this.#isFlushScheduled = false;
    this.#flushedMs = this.#options.timers.monotonicMs();
    this.flush();
  }

  flushAlong(): void {
    this.#isAlongScheduled = false;
    if (this.#pending !== '' && !this.#isFlushScheduled) this.flushNow();
  }

  #deliver(text: string): void {
    if (this.#state !== 'open') return;
    try {
      this.#options.onMessage(text);
    } catch (error) {
      this.#options.log.error({ err: error }, 'handler of a socket message failed');
      this.#fail(INTERNAL_ERROR, 'internal error');
    }
  }

  /** A client that does not read gets only its newest ping answered, as RFC 6455 section 5.5.3 allows: pongs never pile up. */
  #answerPing(pong: string): void {
    if (this.#state !== 'open') return;
    const isClogged = this.bufferedBytes >= this.#socket.writableHighWaterMark;
    this.#latePong = isClogged ? pong : '';
    // The flush makes the socket owe a `drain`, which sends the late pong.
    if (isClogged) this.flush();
    else this.#enqueue(pong);
  }

  #drained(): void {
    this.#options.backlog.note(this, 0);
    const pong = this.#latePong;
    this.#latePong = '';
    if (pong !== '' && this.#state === 'open') this.#enqueue(pong);
  }

  #answerClose(code: number | undefined, reason: string): void {
    if (this.#state === 'open') {
      this.#verdict = { code: code ?? NO_CODE, reason };
      this.#sendClose(closeFrame(code));
    }
    this.#end();
  }

  /** RFC 6455 section 7.1.7: says why, then gives up on the peer. */
  #fail(code: number, reason: string): void {
    if (this.#state === 'open') {
      this.#verdict = { code, reason };
      this.#sendClose(closeFrame(code, reason));
    }
    this.#end();
  }

  #sendClose(frame: Buffer): void {
    this.#closeTimer = this.#options.timers.after(this.#options.closeTimeoutMs, () => this.#transportEnded('close timed out'));
    this.#pending += frame.toString('latin1');
    this.flush();
  }

  #end(): void {
    if (this.#state === 'closed') return;
    this.#state = 'ending';
    this.#receiver.stop();
    this.#socket.end();
  }

  #transportEnded(reason: string): void {
    if (this.#state === 'ending') this.#tearDown(this.#verdict.code, this.#verdict.reason);
    else this.#tearDown(ABNORMAL, reason);
  }

  #tearDown(code: number, reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closeTimer?.cancel();
    this.#pending = '';
    this.#latePong = '';
    this.#receiver.stop();
    this.#socket.destroy();
    this.#options.backlog.note(this, 0);
    try {
      this.#options.onClose(code, reason);
    } catch (error) {
      this.#options.log.error({ err: error }, 'handler of a socket close failed');
    }
  }
}
