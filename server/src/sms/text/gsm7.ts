/** The default alphabet, 3GPP TS 23.038 section 6.2.1, by septet. 0x1b leads into the extension table. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** Its extension table, section 6.2.1.1: each of these takes two septets. */
const EXTENSION: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

const ESCAPE = 0x1b;
const EXTENDED = 0x100;
const NONE = -1;

/** Septets by UTF-16 unit: one septet, or with {@link EXTENDED} one behind an escape. A table, because every message of every user is looked through. */
const SEPTETS = new Int16Array(0x10000).fill(NONE);
for (let septet = 0; septet < BASIC.length; septet++) if (septet !== ESCAPE) SEPTETS[BASIC.charCodeAt(septet)] = septet;
for (const [septet, character] of EXTENSION) SEPTETS[character.charCodeAt(0)] = EXTENDED | septet;

/** Whether a text can be written in the default alphabet with its extension table. */
export function isGsm7(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (SEPTETS[text.charCodeAt(i)] === NONE) return false;
  return true;
}

/** How many septets the UTF-16 unit at `index` takes; the text must be {@link isGsm7}. */
export function septetsAt(text: string, index: number): 1 | 2 {
  return (SEPTETS[text.charCodeAt(index)] ?? 0) >= EXTENDED ? 2 : 1;
}

/** The septets of a text that is {@link isGsm7}, each in an octet of its own, as SMPP carries them. */
export function gsm7Octets(text: string): Buffer {
  const octets = Buffer.allocUnsafe(text.length * 2);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const septet = SEPTETS[text.charCodeAt(i)] ?? NONE;
    if (septet >= EXTENDED) octets[length++] = ESCAPE;
    octets[length++] = septet & 0x7f;
  }
  return octets.subarray(0, length);
}

/**
 * The text of septets, each in an octet of its own. A septet that the extension table does not have is read from the default
 * alphabet, and an escape at the end as a space, as section 6.2.1.1 asks of phones; the eighth bits count for nothing.
 */
export function textOfGsm7(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i++) {
    const septet = (octets[i] ?? 0) & 0x7f;
    if (septet !== ESCAPE) text += BASIC.charAt(septet);
    else if (++i < octets.length) {
      const extended = (octets[i] ?? 0) & 0x7f;
      text += EXTENSION.get(extended) ?? (extended === ESCAPE ? ' ' : BASIC.charAt(extended));
    } else text += ' ';
  }
  return text;
}
