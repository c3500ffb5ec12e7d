import { isUtf8 } from 'node:buffer';
import { isSendableCloseCode, OPCODE } from './frame.ts';
import { protocolError, readFrameHeader, type FrameHeader, type Refusal } from './frame-header.ts';
import { GrowingBuffer } from '../../lib/growing-buffer.ts';

/** What a receiver found. Handlers must not throw. */
export interface ReceiverEvents {
  onText(text: string): void;
  /** @param payload a view, valid only during the call */
  onPing(payload: Buffer): void;
  /** The peer's close frame; nothing follows. `code` is undefined when the frame carried none. */
  onClose(code: number | undefined, reason: string): void;
  /** The peer broke the protocol; nothing follows. `code` is the close code to answer with. */
  onFailure(code: number, reason: string): void;
}

const FINAL_TEXT = 0x81;
const MASKED = 0x80;
const SHORT_HEADER_BYTES = 6;
const INCOMPLETE = -1;

/**
 * Finds messages and control frames in the bytes of one client, however they are cut into chunks. Complete frames are
 * unmasked and decoded where they lie; only the rest of a chunk and the fragments of a message are copied.
 */
export class Receiver {
  readonly #maxMessageBytes: number;
  readonly #events: ReceiverEvents;
  /** The start of a frame whose end has not arrived. */
  readonly #held = new GrowingBuffer();
  /** How many bytes `#held` must have before reading it again gets any further. */
  #needed = 0;
  /** The unmasked fragments of a message whose final frame has not arrived. */
  readonly #fragments = new GrowingBuffer();
  #inMessage = false;
  #stopped = false;

  /** @param maxMessageBytes bound of one message, summed over its fragments; a longer one fails with 1009 */
  constructor(maxMessageBytes: number, events: ReceiverEvents) {
    this.#maxMessageBytes = maxMessageBytes;
    this.#events = events;
  }

  /** @param chunk the next bytes from the wire; they are changed in place and belong to the receiver from now on */
  push(chunk: Buffer): void {
    let at = this.#completeHeld(chunk);
    while (at < chunk.length && !this.#stopped) {
      const next = this.#readFrame(chunk, at);
      if (next === INCOMPLETE) return this.#hold(chunk.subarray(at));
      at = next;
    }
  }

  /** Drops what is held and ignores everything that follows. */
  stop(): void {
    this.#stopped = true;
    this.#held.clear();
    this.#fragments.clear();
  }

  /** Takes from `chunk` just what the held frame lacks; returns how much that was. */
  #completeHeld(chunk: Buffer): number {
    let at = 0;
    while (this.#held.length > 0 && at < chunk.length) {
      const end = Math.min(chunk.length, at + this.#needed - this.#held.length);
      this.#hold(chunk.subarray(at, end));
      at = end;
      const isRead = this.#held.length === this.#needed && this.#readFrame(this.#held.bytes, 0) !== INCOMPLETE;
      if (isRead) this.#held.clear();
    }
    return at;
  }

  #hold(bytes: Buffer): void {
    if (!this.#stopped) this.#held.append(bytes, this.#needed);
  }

  /** Reads the frame at `at`; returns where the next one starts, or INCOMPLETE when bytes are lacking or it was refused. */
  #readFrame(bytes: Buffer, at: number): number {
    const next = this.#readShortText(bytes, at);
    if (next !== INCOMPLETE) return next;
    const header = readFrameHeader(bytes, at);
    if (header.kind === 'partial') return this.#await(header.needed);
    if (header.kind === 'refused') return this.#fail(header);
    const refusal = this.#misplaced(header);
    if (refusal !== undefined) return this.#fail(refusal);
    const start = at + header.headerBytes;
    const end = start + header.payloadBytes;
    if (end > bytes.length) return this.#await(end - at);
    this.#readPayload(header, bytes.subarray(start, end), unmask(bytes, start, end));
    return end;
  }

  #await(frameBytes: number): number {
    this.#needed = frameBytes;
    return INCOMPLETE;
  }

  /** The fast path: a whole message of up to 125 bytes in one frame that is completely there. */
  #readShortText(bytes: Buffer, at: number): number {
    if (bytes[at] !== FINAL_TEXT || this.#inMessage) return INCOMPLETE;
    const payloadBytes = (bytes[at + 1] ?? 0) - MASKED;
    if (payloadBytes < 0 || payloadBytes > 125 || payloadBytes > this.#maxMessageBytes) return INCOMPLETE;
    const start = at + SHORT_HEADER_BYTES;
    const end = start + payloadBytes;
    if (end > bytes.length) return INCOMPLETE;
    if (unmask(bytes, start, end)) this.#events.onText(bytes.toString('latin1', start, end));
    else this.#emitText(bytes.subarray(start, end));
    return end;
  }

  /** What is wrong with a data frame where it stands: out of turn (RFC 6455 section 5.4) or over the bound. */
  #misplaced(header: FrameHeader): Refusal | undefined {
    if (header.opcode >= OPCODE.close) return undefined;
    if (header.opcode === OPCODE.continuation && !this.#inMessage) return protocolError('continuation of nothing');
    if (header.opcode === OPCODE.text && this.#inMessage) return protocolError('message inside of a message');
    if (this.#fragments.length + header.payloadBytes <= this.#maxMessageBytes) return undefined;
    return { kind: 'refused', code: 1009, reason: `message over ${this.#maxMessageBytes} bytes` };
  }

  #readPayload(header: FrameHeader, payload: Buffer, isAscii: boolean): void {
    if (header.opcode === OPCODE.ping) this.#events.onPing(payload);
    else if (header.opcode === OPCODE.close) this.#readClose(payload);
    else if (header.opcode === OPCODE.pong) return;
    else if (!header.fin) this.#addFragment(payload);
    else if (this.#inMessage) this.#endMessage(payload);
    else if (isAscii) this.#events.onText(payload.toString('latin1'));
    else this.#emitText(payload);
  }

  #addFragment(payload: Buffer): void {
    this.#inMessage = true;
    this.#fragments.append(payload, this.#maxMessageBytes);
  }

  #endMessage(payload: Buffer): void {
    this.#addFragment(payload);
    const message = this.#fragments.bytes;
    this.#inMessage = false;
    this.#fragments.clear();
    this.#emitText(message);
  }

  #emitText(payload: Buffer): void {
    if (isUtf8(payload)) this.#events.onText(payload.toString('utf8'));
    else this.#fail({ kind: 'refused', code: 1007, reason: 'text is not UTF-8' });
  }

  #readClose(payload: Buffer): void {
    if (payload.length === 0) return this.#emitClose(undefined, '');
    const code = payload.length === 1 ? 0 : payload.readUInt16BE();
    const reason = payload.subarray(2);
    if (!isSendableCloseCode(code)) this.#fail(protocolError('invalid close code'));
    else if (!isUtf8(reason)) this.#fail({ kind: 'refused', code: 1007, reason: 'close reason is not UTF-8' });
    else this.#emitClose(code, reason.toString('utf8'));
  }

  #emitClose(code: number | undefined, reason: string): void {
    this.stop();
    this.#events.onClose(code, reason);
  }

  #fail(refusal: Refusal): number {
    this.stop();
    this.#events.onFailure(refusal.code, refusal.reason);
    return INCOMPLETE;
  }
}

/**
 * Unmasks a payload in place; its masking key lies right in front of it (RFC 6455 sections 5.2 and 5.3).
 *
 * @returns whether the payload is ASCII, which needs neither UTF-8 validation nor decoding
 */
function unmask(bytes: Buffer, start: number, end: number): boolean {
  const key = bytes.readUInt32LE(start - 4);
  let seen = 0;
  for (let i = start; i < end; i++) {
    const byte = (bytes[i] ?? 0) ^ ((key >>> (((i - start) & 3) << 3)) & 0xff);
    bytes[i] = byte;
    seen |= byte;
  }
  return seen < 0x80;
}
