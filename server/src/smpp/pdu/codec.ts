import { ALERT_NOTIFICATION, CANCEL_SM, QUERY_SM, QUERY_SM_RESP, REPLACE_SM } from './ancillary-shapes.ts';
import type { Command, Pdu } from './body.ts';
import type { Failure } from './failure.ts';
import { HEADER_BYTES } from './field.ts';
import { DATA_SM, message, messageAnswer, SUBMIT_MULTI, SUBMIT_MULTI_RESP } from './message-shapes.ts';
import { Reader } from './reader.ts';
import { bare, bind, bindAnswer, OUTBIND } from './session-shapes.ts';
import type { Shape } from './shape.ts';
import type { Frame } from './splitter.ts';
import { STATUS } from './status.ts';
import type { Writer } from './writer.ts';

const SHAPES: Readonly<Record<Command, Shape>> = {
  bind_receiver: bind(0x00000001, 'bind_receiver'),
  bind_receiver_resp: bindAnswer(0x80000001, 'bind_receiver_resp'),
  bind_transmitter: bind(0x00000002, 'bind_transmitter'),
  bind_transmitter_resp: bindAnswer(0x80000002, 'bind_transmitter_resp'),
  query_sm: QUERY_SM,
  query_sm_resp: QUERY_SM_RESP,
  submit_sm: message(0x00000004, 'submit_sm'),
  submit_sm_resp: messageAnswer(0x80000004, 'submit_sm_resp'),
  deliver_sm: message(0x00000005, 'deliver_sm'),
  deliver_sm_resp: messageAnswer(0x80000005, 'deliver_sm_resp'),
  unbind: bare(0x00000006, { command: 'unbind' }),
  unbind_resp: bare(0x80000006, { command: 'unbind_resp' }),
  replace_sm: REPLACE_SM,
  replace_sm_resp: bare(0x80000007, { command: 'replace_sm_resp' }),
  cancel_sm: CANCEL_SM,
  cancel_sm_resp: bare(0x80000008, { command: 'cancel_sm_resp' }),
  bind_transceiver: bind(0x00000009, 'bind_transceiver'),
  bind_transceiver_resp: bindAnswer(0x80000009, 'bind_transceiver_resp'),
  outbind: OUTBIND,
  enquire_link: bare(0x00000015, { command: 'enquire_link' }),
  enquire_link_resp: bare(0x80000015, { command: 'enquire_link_resp' }),
  submit_multi: SUBMIT_MULTI,
  submit_multi_resp: SUBMIT_MULTI_RESP,
  alert_notification: ALERT_NOTIFICATION,
  data_sm: DATA_SM,
  data_sm_resp: messageAnswer(0x80000103, 'data_sm_resp'),
  generic_nack: bare(0x80000000, { command: 'generic_nack' }),
};

const BY_ID: ReadonlyMap<number, Shape> = new Map(Object.values(SHAPES).map((shape) => [shape.id, shape]));
const ANSWER_BIT = 0x8000_0000;
/** What an answer without a body is read from: more than any of them has. */
const NOTHING = Buffer.alloc(64);

/** The header of what cannot be read. */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** Left out for a `command_id` that is none of SMPP 3.4. */
  readonly command?: Command;
  readonly isAnswer: boolean;
  readonly sequence: number;
  readonly status: number;
  readonly failure: Failure;
}

export type Decoded = { readonly kind: 'pdu'; readonly pdu: Pdu } | Unreadable;

/** Reads one PDU. Octets in it are views of `frame.bytes`: who keeps them for long copies them. */
export function decode({ bytes, start, end }: Frame): Decoded {
  const id = bytes.readUInt32BE(start + 4);
  const status = bytes.readUInt32BE(start + 8);
  const sequence = bytes.readUInt32BE(start + 12);
  const isAnswer = id >= ANSWER_BIT;
  const shape = BY_ID.get(id);
  if (shape === undefined) {
    const failure = { status: STATUS.ESME_RINVCMDID, reason: `command_id 0x${id.toString(16).padStart(8, '0')} is unknown` };
    return { kind: 'unreadable', isAnswer, sequence, status, failure };
  }
  // Answers that refuse have no body (e.g. section 4.4.2), and some SMSCs leave it out of others too.
  const isHeaderOnly = isAnswer && end - start === HEADER_BYTES;
  const reader = isHeaderOnly ? new Reader(NOTHING, 0, NOTHING.length) : new Reader(bytes, start + HEADER_BYTES, end);
  const body = shape.read(reader);
  const tlvs = isHeaderOnly ? [] : reader.tlvs();
  const { failure } = reader;
  if (failure !== undefined) return { kind: 'unreadable', command: body.command, isAnswer, sequence, status, failure };
  return { kind: 'pdu', pdu: { sequence, status, body, tlvs } };
}

/** Writes one PDU behind what `writer` has. @returns why not, and then nothing was written */
export function encode(writer: Writer, pdu: Pdu): Failure | undefined {
  const start = writer.length;
  const shape = SHAPES[pdu.body.command];
  writer.uint32(0);
  writer.uint32(shape.id);
  writer.uint32(pdu.status);
  writer.uint32(pdu.sequence);
  shape.write(writer, pdu.body);
  writer.tlvs(pdu.tlvs);
  const { failure } = writer;
  if (failure !== undefined) {
    writer.rewind(start);
    return failure;
  }
  // Such as an empty message_id: answers that refuse have no body.
  if (pdu.status !== STATUS.ESME_ROK && shape.id >= ANSWER_BIT) writer.dropZeros(start + HEADER_BYTES);
  writer.uint32At(writer.length - start, start);
  return undefined;
}
