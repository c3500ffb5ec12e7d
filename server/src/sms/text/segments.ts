import { isGsm7, gsm7Octets, septetsAt, textOfGsm7 } from './gsm7.ts';

/** `gsm7`: the default alphabet of GSM 03.38 with its extension table; `ucs2`: two octets for each UTF-16 unit. */
export type Encoding = 'gsm7' | 'ucs2';

/** A text as it goes over the air. */
export interface SegmentedText {
  readonly encoding: Encoding;
  /** In their order; at least one, which may be empty. */
  readonly segments: readonly string[];
}

/**
 * What a segment holds, in septets or in UTF-16 units: 140 octets, six of which a concatenation header takes in each segment
 * of a longer message (3GPP TS 23.040 section 9.2.3.24.1).
 */
const ROOM: Readonly<Record<Encoding, { readonly alone: number; readonly joined: number }>> = {
  gsm7: { alone: 160, joined: 153 },
  ucs2: { alone: 70, joined: 67 },
};

/** Encodes a text the shortest way, and cuts it where neither an escaped character nor a surrogate pair is torn apart. */
export function segmentsOf(text: string): SegmentedText {
  const encoding: Encoding = isGsm7(text) ? 'gsm7' : 'ucs2';
  const { alone, joined } = ROOM[encoding];
  // No character takes more than two.
  if (text.length * 2 <= alone || lengthOf(text, encoding) <= alone) return { encoding, segments: [text] };
  return { encoding, segments: encoding === 'gsm7' ? cutGsm7(text, joined) : cutUcs2(text, joined) };
}

/** The octets of a segment, without header: septets each in an octet of its own, or UTF-16, most significant octet first. */
export function octetsOf(segment: string, encoding: Encoding): Buffer {
  return encoding === 'gsm7' ? gsm7Octets(segment) : Buffer.from(segment, 'utf16le').swap16();
}

/** The text of {@link octetsOf}; an odd octet at the end is dropped. */
export function textOfOctets(octets: Uint8Array, encoding: Encoding): string {
  if (encoding === 'gsm7') return textOfGsm7(octets);
  return Buffer.from(octets.subarray(0, octets.length & ~1))
    .swap16()
    .toString('utf16le');
}

function lengthOf(text: string, encoding: Encoding): number {
  if (encoding === 'ucs2') return text.length;
  let septets = 0;
  for (let i = 0; i < text.length; i++) septets += septetsAt(text, i);
  return septets;
}

function cutGsm7(text: string, room: number): string[] {
  const segments: string[] = [];
  let start = 0;
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    const needed = septetsAt(text, i);
    if (used + needed > room) {
      segments.push(text.slice(start, i));
      start = i;
      used = 0;
    }
    used += needed;
  }
  segments.push(text.slice(start));
  return segments;
}

function cutUcs2(text: string, room: number): string[] {
  const segments: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = start + room;
    const isTorn = end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end));
    segments.push(text.slice(start, (start = isTorn ? end - 1 : end)));
  }
  return segments;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
