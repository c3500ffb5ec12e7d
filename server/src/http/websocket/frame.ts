/** Opcodes of RFC 6455 section 5.2. */
export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

/** The largest payload a control frame may carry, RFC 6455 section 5.5. */
export const MAX_CONTROL_BYTES = 125;

const FIN = 0x80;
const CLOSE_CODE_BYTES = 2;

/** Close codes that may travel in a frame: RFC 6455 section 7.4 and the IANA registry; 1004 to 1006 and 1015 never do. */
export function isSendableCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
}

/**
 * The header of an unmasked, unfragmented text frame as latin1 characters, so that header and payload travel in one string.
 *
 * @param byteLength length of the payload in bytes
 */
export function textFrameHeader(byteLength: number): string {
  if (byteLength < 126) return String.fromCharCode(FIN | OPCODE.text, byteLength);
  if (byteLength < 65_536) return String.fromCharCode(FIN | OPCODE.text, 126, byteLength >> 8, byteLength & 0xff);
  const header = Buffer.alloc(10);
  header[0] = FIN | OPCODE.text;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(byteLength), 2);
  return header.toString('latin1');
}

/**
 * A close frame. A reason longer than a control frame holds is cut at a character boundary.
 *
 * @param code undefined: a close frame without payload, the answer to one that had none
 * @throws RangeError for a code that must not be sent
 */
export function closeFrame(code?: number, reason = ''): Buffer {
  if (code === undefined) return controlFrame(OPCODE.close, Buffer.alloc(0));
  if (!isSendableCloseCode(code)) throw new RangeError(`close code ${code} must not be sent`);
  const payload = Buffer.alloc(MAX_CONTROL_BYTES);
  payload.writeUInt16BE(code);
  // Buffer.write never writes part of a character.
  const reasonBytes = payload.write(reason, CLOSE_CODE_BYTES);
  return controlFrame(OPCODE.close, payload.subarray(0, CLOSE_CODE_BYTES + reasonBytes));
}

/** A ping frame without payload. */
export function pingFrame(): Buffer {
  return controlFrame(OPCODE.ping, Buffer.alloc(0));
}

/** The answer to a ping: a pong with the same payload, RFC 6455 section 5.5.3. */
export function pongFrame(payload: Buffer): Buffer {
  return controlFrame(OPCODE.pong, payload);
}

function controlFrame(opcode: number, payload: Buffer): Buffer {
  if (payload.length > MAX_CONTROL_BYTES) throw new RangeError(`a control frame carries at most ${MAX_CONTROL_BYTES} bytes`);
  return Buffer.concat([Buffer.of(FIN | opcode, payload.length), payload]);
}
