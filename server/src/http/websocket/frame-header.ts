import { MAX_CONTROL_BYTES, OPCODE } from './frame.ts';

/** Why a connection must be failed: close code of RFC 6455 section 7.4.1 and a text for the close frame. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: number;
  readonly reason: string;
}

export interface FrameHeader {
  readonly kind: 'header';
  readonly fin: boolean;
  readonly opcode: number;
  /** Bytes from the start of the frame to its payload; the masking key is the last four of them. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** `partial`: the header is not complete; it can be read again once `needed` bytes of the frame are there. */
export type HeaderResult = FrameHeader | Refusal | { readonly kind: 'partial'; readonly needed: number };

const BASE_BYTES = 2;
const MASK_BYTES = 4;

/**
 * Reads the header of the client frame that starts at `at`, refusing whatever RFC 6455 section 5 forbids a client to send
 * as soon as the bytes that say so are there.
 */
export function readFrameHeader(bytes: Buffer, at: number): HeaderResult {
  if (bytes.length - at < BASE_BYTES) return { kind: 'partial', needed: BASE_BYTES };
  const first = bytes.readUInt8(at);
  const second = bytes.readUInt8(at + 1);
  const broken = brokenRule(first, second);
  if (broken !== undefined) return broken;
  const shortLength = second & 0x7f;
  const headerBytes = BASE_BYTES + extendedLengthBytes(shortLength) + MASK_BYTES;
  if (bytes.length - at < headerBytes) return { kind: 'partial', needed: headerBytes };
  const payloadBytes = readLength(bytes, at + BASE_BYTES, shortLength);
  if (payloadBytes === undefined) return protocolError('invalid payload length');
  return { kind: 'header', fin: first >= 0x80, opcode: first & 0x0f, headerBytes, payloadBytes };
}

/** A refusal with close code 1002. */
export function protocolError(reason: string): Refusal {
  return { kind: 'refused', code: 1002, reason };
}

function brokenRule(first: number, second: number): Refusal | undefined {
  const opcode = first & 0x0f;
  if ((first & 0x70) !== 0) return protocolError('reserved bits set');
  if ((opcode & 0x07) > OPCODE.binary) return protocolError('unknown opcode');
  if (second < 0x80) return protocolError('frame not masked');
  if (opcode === OPCODE.binary) return { kind: 'refused', code: 1003, reason: 'only text is accepted' };
  if (opcode < OPCODE.close) return undefined;
  if (first < 0x80) return protocolError('fragmented control frame');
  if ((second & 0x7f) > MAX_CONTROL_BYTES) return protocolError('control frame too long');
  return undefined;
}

function extendedLengthBytes(shortLength: number): number {
  if (shortLength < 126) return 0;
  return shortLength === 126 ? 2 : 8;
}

/** Undefined: not the shortest form, or the most significant bit is set (RFC 6455 section 5.2). */
function readLength(bytes: Buffer, at: number, shortLength: number): number | undefined {
  if (shortLength < 126) return shortLength;
  if (shortLength === 126) {
    const length = bytes.readUInt16BE(at);
    return length < 126 ? undefined : length;
  }
  const high = bytes.readUInt32BE(at);
  // Above 2^53 the sum is rounded, which is of no matter: such a length is over every bound.
  const length = high * 2 ** 32 + bytes.readUInt32BE(at + 4);
  return high > 0x7fff_ffff || length < 65_536 ? undefined : length;
}
