import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../pdu/testing.ts';
import { numberTlv, octetsTlv } from '../pdu/tlv.ts';
import { readContent } from './content.ts';
import { wrapPart, wrapWhole, type PartStyle } from './part-style.ts';

const TEXT = Buffer.from('text');

describe('a part of a longer message', () => {
  it.each<[PartStyle, number]>([
    ['udh', 0xff],
    ['udh16', 0xffff],
    ['sar', 0xffff],
  ])('R56: says which part it is by %s, and is read so', (style, maxReference) => {
    const part = fc
      .record({ reference: fc.integer({ min: 0, max: maxReference }), total: fc.integer({ min: 1, max: 255 }) })
      .chain(({ reference, total }) =>
        fc.record({ reference: fc.constant(reference), total: fc.constant(total), number: fc.integer({ min: 1, max: total }) }),
      );
    fc.assert(
      fc.property(part, (said) => {
        const { tlvs, ...fields } = wrapPart(TEXT, said, style);
        expect(readContent(message(fields), tlvs)).toMatchObject({ octets: TEXT, part: said });
      }),
    );
  });

  it('R56: is recognised beside other elements of its header', () => {
    const header = Buffer.from('0b 05 04 0b84 23f0 00 03 07 02 01'.replaceAll(' ', ''), 'hex');
    const shortMessage = Buffer.concat([header, TEXT]);
    const content = readContent(message({ esmClass: 0x40, shortMessage }), []);
    expect(content).toMatchObject({ octets: TEXT, part: { reference: 7, total: 2, number: 1 } });
    expect(content?.elements).toHaveLength(2);
  });

  it.each(['0003070200', '0003070203', '0003070000', '00020702', '080307020100'])(
    'R56: is none when its element makes no sense: %s',
    (element) => {
      const octets = Buffer.from(element, 'hex');
      const shortMessage = Buffer.concat([Buffer.of(octets.length), octets, TEXT]);
      expect(readContent(message({ esmClass: 0x40, shortMessage }), [])?.part).toBeUndefined();
    },
  );

  it('R56: is none when a SAR parameter is missing or makes no sense', () => {
    const { tlvs } = wrapPart(TEXT, { reference: 1, total: 2, number: 2 }, 'sar');
    expect(readContent(message(), tlvs.slice(1))?.part).toBeUndefined();
    expect(readContent(message(), [...tlvs.slice(0, 2), numberTlv('sar_segment_seqnum', 3, 1)])?.part).toBeUndefined();
  });
});

describe('a message', () => {
  it('is read from short_message or from message_payload', () => {
    const long = Buffer.alloc(1_000, 'x');
    for (const octets of [TEXT, long]) {
      const { tlvs, ...fields } = wrapWhole(octets);
      expect(readContent(message(fields), tlvs)).toMatchObject({ kind: 'message', octets, part: undefined });
    }
    const { command: _command, shortMessage: _shortMessage, ...rest } = message();
    expect(readContent({ ...rest, command: 'data_sm' }, [octetsTlv('message_payload', long)])).toMatchObject({ octets: long });
    expect(readContent({ ...rest, command: 'data_sm' }, [])).toMatchObject({ octets: Buffer.alloc(0) });
  });

  it.each(['', '05', '0500', '06000307020174', 'ff'])('is refused when its header is broken: %j', (octets) => {
    expect(readContent(message({ esmClass: 0x40, shortMessage: Buffer.from(octets, 'hex') }), [])).toBeUndefined();
  });

  it.each([
    [0x00, 'message'],
    [0x03, 'message'],
    [0x04, 'receipt'],
    [0x44, 'receipt'],
    [0x08, 'deliveryAcknowledgement'],
    [0x10, 'userAcknowledgement'],
    [0x18, 'conversationAbort'],
    [0x20, 'intermediateReceipt'],
  ])('with esm_class %s is a %s', (esmClass, kind) => {
    expect(readContent(message({ esmClass, shortMessage: Buffer.of(0) }), [])).toMatchObject({ kind });
  });
});
