/** A WebSocket frame as a client sends it (RFC 6455 section 5.2), right or wrong. */
export interface ClientFrame {
  /** 1 is text. */
  readonly opcode?: number;
  readonly payload: Uint8Array | string;
  readonly isFinal?: boolean;
  /** The three reserved bits. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** Claimed instead of the true one. */
  readonly length?: bigint;
}

const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

export function clientFrame(frame: ClientFrame): Buffer {
  const { opcode = 1, isFinal = true, reserved = 0, isMasked = true } = frame;
  const payload = Buffer.from(frame.payload);
  const first = Buffer.of((isFinal ? 0x80 : 0) | (reserved << 4) | opcode);
  const length = lengthBytes(frame.length ?? BigInt(payload.length), isMasked ? 0x80 : 0);
  if (!isMasked) return Buffer.concat([first, length, payload]);
  return Buffer.concat([first, length, MASK, payload.map((byte, at) => byte ^ MASK[at % 4]!)]);
}

function lengthBytes(length: bigint, maskBit: number): Buffer {
  if (length < 126n) return Buffer.of(maskBit | Number(length));
  const bytes = Buffer.alloc(length < 65_536n ? 3 : 9);
  bytes[0] = maskBit | (length < 65_536n ? 126 : 127);
  if (length < 65_536n) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}
