/** Which part of a longer message this is. */
export interface Part {
  /** The same in all parts of a message from one sender. */
  readonly reference: number;
  readonly total: number;
  /** From 1 on. */
  readonly number: number;
}

/** An information element of a user data header, GSM 03.40 section 9.2.3.24. */
export interface InformationElement {
  readonly id: number;
  readonly data: Buffer;
}

export interface UserData {
  readonly elements: readonly InformationElement[];
  /** What follows the header. */
  readonly text: Buffer;
}

/** Concatenation with a reference of one octet, and of two: sections 9.2.3.24.1 and 9.2.3.24.8. */
const CONCATENATION_8 = 0x00;
const CONCATENATION_16 = 0x08;

/** Splits user data that begins with a header; undefined when the header is longer than the data or ends within an element. */
export function readUserData(octets: Buffer): UserData | undefined {
  const end = 1 + (octets[0] ?? octets.length);
  if (end > octets.length) return undefined;
  const elements: InformationElement[] = [];
  let at = 1;
  while (at < end) {
    const next = at + 2 + (octets[at + 1] ?? end);
    if (next > end) return undefined;
    elements.push({ id: octets[at] ?? 0, data: octets.subarray(at + 2, next) });
    at = next;
  }
  return { elements, text: octets.subarray(end) };
}

/** The part that the elements tell of; the last that makes sense counts. Those that make none are ignored, as section 9.2.3.24.1 demands. */
export function partOf(elements: readonly InformationElement[]): Part | undefined {
  for (const { id, data } of elements.toReversed()) {
    const part =
      id === CONCATENATION_8 && data.length === 3
        ? readPart(data, 1)
        : id === CONCATENATION_16 && data.length === 4
          ? readPart(data, 2)
          : undefined;
    if (part !== undefined) return part;
  }
  return undefined;
}

/** @param referenceBytes 1 or 2: how wide the reference is; the higher bits of a wider one are dropped */
export function concatenationHeader({ reference, total, number }: Part, referenceBytes: 1 | 2): Buffer {
  if (referenceBytes === 1) return Buffer.of(5, CONCATENATION_8, 3, reference & 0xff, total, number);
  return Buffer.of(6, CONCATENATION_16, 4, (reference >> 8) & 0xff, reference & 0xff, total, number);
}

function readPart(data: Buffer, referenceBytes: number): Part | undefined {
  return sensible({
    reference: data.readUIntBE(0, referenceBytes),
    total: data[referenceBytes] ?? 0,
    number: data[referenceBytes + 1] ?? 0,
  });
}

/** A part that there can be; undefined otherwise. */
export function sensible(part: Part): Part | undefined {
  return part.number >= 1 && part.number <= part.total && part.total <= 0xff ? part : undefined;
}
