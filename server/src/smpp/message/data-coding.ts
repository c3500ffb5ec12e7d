/**
 * How the octets of a message are to be read. `default` is the SMSC's own alphabet, which nearly everywhere is GSM 03.38 with
 * one septet in each octet; `other` are those of section 5.2.19 that nobody sends to phones any more.
 */
export type Alphabet = 'default' | 'ascii' | 'latin1' | 'binary' | 'ucs2' | 'other';

export interface DataCoding {
  readonly alphabet: Alphabet;
  /** Message class 0 of GSM 03.38: shown at once and not kept. */
  readonly flash: boolean;
}

/** Values of SMPP's own, section 5.2.19. */
const SMPP_CODINGS: readonly Alphabet[] = ['default', 'ascii', 'binary', 'latin1', 'binary', 'other', 'other', 'other', 'ucs2'];

/** Alphabets in bits 3 and 2 of a GSM data coding, GSM 03.38 section 4. */
const GSM_ALPHABETS: readonly Alphabet[] = ['default', 'binary', 'ucs2', 'other'];
const CLASS_BITS = 0x03;
const HAS_CLASS = 0x10;
const FLASH: Readonly<Record<Alphabet, number | undefined>> = {
  default: 0x10,
  ucs2: 0x18,
  binary: 0x14,
  ascii: undefined,
  latin1: undefined,
  other: undefined,
};
const PLAIN: Readonly<Record<Alphabet, number | undefined>> = { default: 0, ascii: 1, latin1: 3, binary: 4, ucs2: 8, other: undefined };

/** Reads `data_coding`, SMPP 3.4 section 5.2.19: values of SMPP's own up to 0x0f, those of GSM 03.38 section 4 from 0x10 on. */
export function readDataCoding(value: number): DataCoding {
  if (value < 0x10) return { alphabet: SMPP_CODINGS[value] ?? 'other', flash: false };
  const isMessageClass = value >= 0xf0;
  const isGeneral = value < 0x40;
  // Messages that say that others wait.
  if (!isMessageClass && value >= 0xc0) return { alphabet: value < 0xe0 ? 'default' : 'ucs2', flash: false };
  if (!isMessageClass && !isGeneral) return { alphabet: 'other', flash: false };
  const hasClass = isMessageClass || (value & HAS_CLASS) !== 0;
  const alphabet = isMessageClass ? ((value & 0x04) === 0 ? 'default' : 'binary') : (GSM_ALPHABETS[(value >> 2) & 3] ?? 'other');
  return { alphabet, flash: hasClass && (value & CLASS_BITS) === 0 };
}

/** The `data_coding` that says this; undefined where none does, as for a flash message in Latin-1. */
export function dataCodingOf({ alphabet, flash }: DataCoding): number | undefined {
  return flash ? FLASH[alphabet] : PLAIN[alphabet];
}
