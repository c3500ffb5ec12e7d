/** First byte of a final text frame (RFC 6455 section 5.2). */
const finalText = 0x81;
const maskedBit = 0x80;
const shortest16 = 126;
/** Two bytes and the mask. */
const shortestFrame = 6;

/** A server's text frame as latin1; `text` is ASCII and shorter than 65,536 characters. */
export function textFrame(text: string): string {
  if (text.length < shortest16) return String.fromCharCode(finalText, text.length) + text;
  return String.fromCharCode(finalText, shortest16, text.length >> 8, text.length & 0xff) + text;
}

/**
 * Passes the text of every whole frame in `data` to `onText`, unmasking in place.
 * @returns how many bytes that took; undefined for what a client of the bench never sends: anything but masked, final
 * text frames of less than 65,536 bytes
 */
export function readFrames(data: Buffer, onText: (text: string) => void): number | undefined {
  let offset = 0;
  while (data.length - offset >= shortestFrame) {
    const second = data[offset + 1] ?? 0;
    const short = second & ~maskedBit;
    if (data[offset] !== finalText || second < maskedBit || short > shortest16) return undefined;
    const maskStart = offset + (short < shortest16 ? 2 : 4);
    const length = short < shortest16 ? short : data.readUInt16BE(offset + 2);
    const start = maskStart + 4;
    if (start + length > data.length) break;
    unmask(data, { maskStart, start, end: start + length });
    onText(data.toString('latin1', start, start + length));
    offset = start + length;
  }
  return offset;
}

function unmask(
  data: Buffer,
  { maskStart, start, end }: { readonly maskStart: number; readonly start: number; readonly end: number },
): void {
  if (data.readUInt32BE(maskStart) === 0) return;
  for (let index = start; index < end; index += 1) data[index] = (data[index] ?? 0) ^ (data[maskStart + ((index - start) & 3)] ?? 0);
}
