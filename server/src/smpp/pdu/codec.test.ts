import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Body } from './body.ts';
import { encode } from './codec.ts';
import { MAX_PDU_BYTES } from './field.ts';
import { STATUS } from './status.ts';
import { anyPdu, bytesOf, message, rawPdu, read } from './testing.ts';
import { Writer } from './writer.ts';

const SUBMIT_SM = 0x4;
const SUBMIT_SM_RESP = 0x8000_0004;

describe('a PDU', () => {
  it('is read as it was written, whatever it says', () => {
    fc.assert(
      fc.property(anyPdu, (pdu) => {
        const bytes = bytesOf(pdu);
        expect(bytes.readUInt32BE(0)).toBe(bytes.length);
        expect(read(bytes)).toEqual({ kind: 'pdu', pdu });
      }),
      { numRuns: 3_000 },
    );
  });

  it('is laid out as in the example of SMPP 3.4 section 3.2', () => {
    const bytes = Buffer.from('0000002f000000020000000000000001' + '534d50503354455354007365637265743038005355424d4954310000010100', 'hex');
    const body: Body = {
      command: 'bind_transmitter',
      systemId: 'SMPP3TEST',
      password: 'secret08',
      systemType: 'SUBMIT1',
      interfaceVersion: 0,
      addressRange: { ton: 1, npi: 1, address: '' },
    };
    expect(read(bytes)).toEqual({ kind: 'pdu', pdu: { sequence: 1, status: 0, body, tlvs: [] } });
    expect(bytesOf({ body })).toEqual(bytes);
  });

  it('may be as long as message_payload can make it', () => {
    const tlvs = [{ tag: 0x0424, value: Buffer.alloc(0xffff, 'x') }];
    const destinations = Array.from({ length: 254 }, () => ({ kind: 'distributionList', name: 'x'.repeat(20) }) as const);
    const bytes = bytesOf({ body: { ...message(), command: 'submit_multi', destinations }, tlvs });
    expect(bytes.length).toBeGreaterThan(70_000);
    expect(bytes.length).toBeLessThan(MAX_PDU_BYTES);
    expect(read(bytes)).toMatchObject({ kind: 'pdu', pdu: { tlvs } });
  });
});

describe('an answer that refuses', () => {
  it('has no body, as section 4.4.2 wants it', () => {
    const body: Body = { command: 'submit_sm_resp', messageId: '' };
    expect(bytesOf({ body, status: STATUS.ESME_RTHROTTLED })).toHaveLength(16);
    expect(bytesOf({ body, status: STATUS.ESME_ROK })).toHaveLength(17);
  });

  it('keeps its body when there are optional parameters behind it', () => {
    const pdu = {
      sequence: 1,
      status: 0xfe,
      body: { command: 'data_sm_resp', messageId: '' } as const,
      tlvs: [{ tag: 0x0425, value: Buffer.of(1) }],
    };
    expect(read(bytesOf(pdu))).toEqual({ kind: 'pdu', pdu });
  });
});

describe('a PDU that cannot be read', () => {
  const submit = bytesOf({ body: message() }).subarray(16);
  const and = (...octets: number[]): Buffer => Buffer.concat([submit, Buffer.of(...octets)]);

  it.each([
    ['ends within a text', submit.subarray(0, 8), STATUS.ESME_RINVCMDLEN, 'the PDU ends within source_addr'],
    ['ends within a number', submit.subarray(0, 1), STATUS.ESME_RINVCMDLEN, 'the PDU ends within source_addr_ton'],
    ['has no body at all', Buffer.alloc(0), STATUS.ESME_RINVCMDLEN, 'the PDU ends within service_type'],
    ['has too long a text', Buffer.from('toolong\0'), STATUS.ESME_RINVSERTYP, 'service_type is longer than 5 octets'],
    ['has too long a source', longSource(), STATUS.ESME_RINVSRCADR, 'source_addr is longer than 20 octets'],
    ['announces more text than there is', submit.subarray(0, -1), STATUS.ESME_RINVMSGLEN, 'sm_length is more than what is left of the PDU'],
    ['announces 255 octets of text', withShortMessage(255), STATUS.ESME_RINVMSGLEN, 'sm_length is over 254'],
    ['has half an optional parameter', and(4, 0x24, 0), STATUS.ESME_RINVOPTPARSTREAM, '3 octets at the end are no optional parameter'],
    [
      'has an optional parameter past its end',
      and(4, 0x24, 0, 2, 1),
      STATUS.ESME_RINVOPTPARSTREAM,
      'optional parameter 0x0424 is longer than what is left of the PDU',
    ],
  ] as const)('because it %s says so', (...[, body, status, reason]) => {
    expect(read(rawPdu(SUBMIT_SM, body, { sequence: 7 }))).toEqual({
      kind: 'unreadable',
      command: 'submit_sm',
      isAnswer: false,
      sequence: 7,
      status: 0,
      failure: { status, reason },
    });
  });

  it('names a command that there is none of', () => {
    const failure = { status: STATUS.ESME_RINVCMDID, reason: 'command_id 0x00010004 is unknown' };
    expect(read(rawPdu(0x0001_0004, Buffer.of(1, 2)))).toMatchObject({ kind: 'unreadable', failure });
  });

  it('tells of an answer what its header says', () => {
    const bytes = rawPdu(SUBMIT_SM_RESP, Buffer.alloc(70, 'x'), { status: 0x58, sequence: 9 });
    expect(read(bytes)).toMatchObject({ isAnswer: true, status: 0x58, sequence: 9, failure: { status: STATUS.ESME_RINVMSGID } });
  });

  it.each([
    ['no destination', Buffer.of(0), STATUS.ESME_RINVNUMDESTS],
    ['255 destinations', Buffer.of(255, 1), STATUS.ESME_RINVNUMDESTS],
    ['a destination of no known kind', Buffer.of(1, 3), STATUS.ESME_RINVDESTFLAG],
  ])('because of %s says so', (_what, destinations, status) => {
    const body = Buffer.concat([Buffer.of(0, 0, 0, 0), destinations]);
    expect(read(rawPdu(0x21, body))).toMatchObject({ kind: 'unreadable', command: 'submit_multi', failure: { status } });
  });
});

describe('a PDU that cannot be written', () => {
  it.each<[string, Body, string]>([
    ['has too long a text', message({ source: { ton: 0, npi: 0, address: '1'.repeat(21) } }), 'source_addr is longer than 20 octets'],
    ['has a NUL in a text', message({ serviceType: 'a\0b' }), 'service_type has a character that no octet stands for'],
    ['has a character beyond Latin-1', message({ serviceType: '€' }), 'service_type has a character that no octet stands for'],
    ['has too large a number', message({ esmClass: 256 }), 'esm_class does not fit into an octet'],
    ['has half a number', message({ dataCoding: 0.5 }), 'data_coding does not fit into an octet'],
    ['has too long a message', message({ shortMessage: Buffer.alloc(255) }), 'short_message is longer than 254 octets'],
    ['goes nowhere', { ...message(), command: 'submit_multi', destinations: [] }, 'there are not from 1 to 254 destinations'],
  ])('because it %s says so, and leaves nothing behind', (_what, body, reason) => {
    const writer = new Writer();
    const good = { sequence: 1, status: 0, body: message(), tlvs: [] };
    encode(writer, good);
    expect(encode(writer, { ...good, body })).toMatchObject({ reason });
    encode(writer, good);
    expect(writer.take()).toEqual(Buffer.concat([bytesOf(good), bytesOf(good)]));
  });

  it('refuses an optional parameter that is too long', () => {
    const tlvs = [{ tag: 1, value: Buffer.alloc(65_536) }];
    expect(() => bytesOf({ body: message(), tlvs })).toThrow('an optional parameter has more than 65,535 octets');
  });
});

describe('a writer', () => {
  it('never changes what was taken from it', () => {
    const writer = new Writer();
    const taken: Buffer[] = [];
    const expected: Buffer[] = [];
    for (let sequence = 1; sequence <= 500; sequence++) {
      const pdu = { sequence, status: 0, body: message({ shortMessage: Buffer.alloc(sequence % 250, 'x') }), tlvs: [] };
      encode(writer, pdu);
      expected.push(bytesOf(pdu));
      if (sequence % 3 === 0) taken.push(writer.take());
    }
    taken.push(writer.take());
    expect(Buffer.concat(taken)).toEqual(Buffer.concat(expected));
  });
});

/** A submit_sm that announces so many octets of text, and has more of them. */
function withShortMessage(length: number): Buffer {
  const body = Buffer.from(bytesOf({ body: message({ shortMessage: Buffer.alloc(0) }) }).subarray(16));
  body[body.length - 1] = length;
  return Buffer.concat([body, Buffer.alloc(300)]);
}

function longSource(): Buffer {
  return Buffer.concat([Buffer.of(0, 1, 1), Buffer.alloc(30, '1')]);
}
