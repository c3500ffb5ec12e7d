import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { split } from 'split-sms';
import { describe, expect, it } from 'vitest';
import { octetsOf, segmentsOf, textOfOctets } from './segments.ts';

const EXTENDED = Array.from('\f^{}\\[~]|€');
const BASIC = Array.from('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà');

/** Texts near the borders of segments, of characters that take one place or two. */
const gsmText = fc.string({ unit: fc.constantFrom(...BASIC, ...EXTENDED), maxLength: 800 });
const unicodeText = fc.string({ unit: fc.constantFrom('a', 'é', '€', 'ж', '漢', '😀', '\u0301'), maxLength: 400 });

function counts(text: string): readonly [string, number] {
  const { encoding, segments } = segmentsOf(text);
  return [encoding, segments.length];
}

describe('R54: segments', () => {
  it.each([
    [0, 1],
    [1, 1],
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
    [765, 5],
    [766, 6],
  ])('%d characters of the default alphabet are %d', (length, segments) => {
    expect(counts('x'.repeat(length))).toEqual(['gsm7', segments]);
  });

  it.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])('%d Unicode characters are %d', (length, segments) => {
    expect(counts('ж'.repeat(length))).toEqual(['ucs2', segments]);
  });

  it.each(EXTENDED)('%j counts as two', (character) => {
    expect(counts(character.repeat(80))).toEqual(['gsm7', 1]);
    expect(counts(character.repeat(81))).toEqual(['gsm7', 2]);
    expect(segmentsOf(`${'x'.repeat(152)}${character.repeat(5)}`).segments).toEqual(['x'.repeat(152), character.repeat(5)]);
  });

  it('tear no surrogate pair apart', () => {
    expect(segmentsOf(`${'x'.repeat(66)}${'😀'.repeat(3)}`).segments).toEqual(['x'.repeat(66), '😀'.repeat(3)]);
  });

  it('keep half a surrogate pair as it is', () => {
    expect(segmentsOf(`${'\ud83d'.repeat(67)}\ud83d`).segments).toEqual([`${'\ud83d'.repeat(67)}\ud83d`]);
    expect(segmentsOf('\ud83d'.repeat(71)).segments).toEqual(['\ud83d'.repeat(67), '\ud83d'.repeat(4)]);
  });

  it.each([
    ['default alphabet', gsmText],
    ['Unicode', unicodeText],
  ])('of any text are those that split-sms finds: %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const { characterSet, parts } = split(text);
        const peers = parts.map(({ content }) => content);
        expect(segmentsOf(text)).toEqual({
          encoding: characterSet === 'GSM' ? 'gsm7' : 'ucs2',
          segments: peers.length === 0 ? [''] : peers,
        });
      }),
    );
  });

  it('of any text are as many as sms-segments-calculator counts', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText, unicodeText), (text) => {
        // It takes what belongs to one visible sign together, which phones do not.
        fc.pre(!text.includes('\u0301') && text !== '');
        expect(segmentsOf(text).segments).toHaveLength(new SegmentedMessage(text).segmentsCount);
      }),
    );
  });

  it('of any text join to the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => segmentsOf(text).segments.join('') === text));
  });
});

describe('the octets of a segment', () => {
  it('are septets, an escape before those of the extension table', () => {
    expect(octetsOf('@a€ Ω', 'gsm7')).toEqual(Buffer.from([0x00, 0x61, 0x1b, 0x65, 0x20, 0x15]));
  });

  it('are UTF-16 with the most significant octet first', () => {
    expect(octetsOf('ж😀', 'ucs2').toString('hex')).toBe('0436d83dde00');
  });

  it.each([
    ['gsm7', gsmText],
    ['ucs2', fc.string({ unit: 'binary', maxLength: 100 })],
  ] as const)('are read back as %s', (encoding, texts) => {
    fc.assert(fc.property(texts, (text) => textOfOctets(octetsOf(text, encoding), encoding) === text));
  });

  it('that nobody should send are read all the same', () => {
    expect(textOfOctets(Buffer.from([0x61, 0x1b]), 'gsm7')).toBe('a ');
    expect(textOfOctets(Buffer.from([0x1b, 0x1b, 0x61]), 'gsm7')).toBe(' a');
    expect(textOfOctets(Buffer.from([0x1b, 0x41, 0xe1]), 'gsm7')).toBe('Aa');
    expect(textOfOctets(Buffer.from([0x00, 0x61, 0x00]), 'ucs2')).toBe('a');
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => textOfOctets(octets, 'gsm7').length <= octets.length));
  });
});
