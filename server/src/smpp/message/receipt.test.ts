import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../pdu/testing.ts';
import { numberTlv, octetsTlv, textTlv, type Tlv } from '../pdu/tlv.ts';
import { readContent } from './content.ts';
import { comparableId } from './message-id.ts';
import { readReceipt, wantsReceipt, writeReceipt, type Receipt } from './receipt.ts';

const AT = Date.UTC(2024, 4, 6, 7, 8);

function receiptOf(text: string, tlvs: readonly Tlv[] = []): Receipt | undefined {
  const content = readContent(message({ command: 'deliver_sm', esmClass: 4, shortMessage: Buffer.from(text, 'latin1') }), tlvs);
  return content && readReceipt(content, tlvs);
}

describe('a delivery receipt', () => {
  it('is read as it was written', () => {
    const states = ['enroute', 'delivered', 'expired', 'deleted', 'undeliverable', 'accepted', 'unknown', 'rejected'] as const;
    const id = fc.stringMatching(/^[\dA-Za-z-]{1,64}$/);
    fc.assert(
      fc.property(id, fc.constantFrom(...states), (messageId, state) => {
        const { tlvs, ...fields } = writeReceipt({
          messageId,
          state,
          submittedAtMs: AT,
          doneAtMs: AT + 60_000,
          error: '042',
          text: 'id:1 stat:EXPIRED and more',
        });
        for (const parameters of [tlvs, []]) {
          const content = readContent(message(fields), parameters);
          const delivered = state === 'delivered' ? 1 : 0;
          const text = 'id:1 stat:EXPIRED an';
          expect(content && readReceipt(content, parameters)).toEqual({
            ...{ messageId, state, submitted: 1, delivered, submittedAtMs: AT, doneAtMs: AT + 60_000, error: '042', text },
          });
        }
      }),
    );
  });

  it.each([
    [
      'of appendix B',
      'id:0123456789 sub:001 dlvrd:001 submit date:2405060708 done date:2405060709 stat:DELIVRD err:000 Text:Hi there',
      '0123456789',
      'delivered',
    ],
    [
      'with seconds',
      'id:abc-1 sub:001 dlvrd:000 submit date:240506070801 done date:240506070902 stat:UNDELIV err:00B text:',
      'abc-1',
      'undeliverable',
    ],
    ['in another order and case', 'STAT:EXPIRED ID:77 ERR:1', '77', 'expired'],
    ['with underscores', 'id:77 submit_date:2405060708 done_date:2405060709 stat:REJECTD', '77', 'rejected'],
    ['with words written out', 'id:77 stat:DELIVERED', '77', 'delivered'],
    ['with a state of its own', 'id:77 stat:BUFFERD', '77', 'unknown'],
    ['with little else', 'id:77', '77', 'unknown'],
    ['with lines', 'id:77\nstat:DELETED\ntext:', '77', 'deleted'],
  ])('is understood %s', (...[, text, messageId, state]) => {
    expect(receiptOf(text)).toMatchObject({ messageId, state });
  });

  it('tells the times with seconds and with years of four digits', () => {
    expect(receiptOf('id:1 done date:240506070809 stat:DELIVRD')).toMatchObject({ doneAtMs: AT + 9_000 });
    expect(receiptOf('id:1 done date:20240506070809 stat:DELIVRD')).toMatchObject({ doneAtMs: AT + 9_000 });
    expect(receiptOf('id:1 done date:soon stat:DELIVRD')).not.toHaveProperty('doneAtMs');
  });

  it.each(['', 'hello', 'your id: is 5', 'id:', 'stat:', 'stat:DELIVRD', 'identity:5 station:5'])('is none: %j', (text) => {
    expect(receiptOf(text)).toBeUndefined();
  });

  it('believes its parameters more than its text', () => {
    const tlvs = [
      textTlv('receipted_message_id', 'A1'),
      numberTlv('message_state', 2, 1),
      octetsTlv('network_error_code', Buffer.of(3, 1, 2)),
    ];
    expect(receiptOf('id:99 stat:EXPIRED', tlvs)).toMatchObject({
      messageId: 'A1',
      state: 'delivered',
      networkError: { network: 3, code: 258 },
    });
    expect(receiptOf('', tlvs)).toMatchObject({ messageId: 'A1', state: 'delivered' });
    expect(receiptOf('', [octetsTlv('receipted_message_id', Buffer.from('A1'))])).toMatchObject({ messageId: 'A1', state: 'unknown' });
  });

  it('is wanted by registered_delivery', () => {
    const wanted = (registeredDelivery: number): readonly boolean[] =>
      (['delivered', 'failed'] as const).map((outcome) => wantsReceipt({ registeredDelivery }, outcome));
    expect([0, 1, 2, 3, 0x10, 0x11].map(wanted)).toEqual([
      [false, false],
      [true, true],
      [false, true],
      [false, false],
      [false, false],
      [true, true],
    ]);
  });
});

describe('an id of an SMSC', () => {
  it.each([
    ['0000012345', 'decimal', '12345'],
    ['12345', 'decimal', '12345'],
    ['00003039', 'hexadecimal', '12345'],
    ['3039', 'hexadecimal', '12345'],
    ['FFffFFffFFffFFff', 'hexadecimal', '18446744073709551615'],
    [' 42 ', 'text', '42'],
    ['0042', 'text', '0042'],
    ['not a number', 'decimal', 'not a number'],
    ['', 'hexadecimal', ''],
  ] as const)('%j in %s is comparable as %j', (id, notation, comparable) => {
    expect(comparableId(id, notation)).toBe(comparable);
  });
});
