import fc from 'fast-check';
import type { Address, Body, Message, Pdu } from './body.ts';
import { decode, encode, type Decoded } from './codec.ts';
import { MAX_SEQUENCE } from './field.ts';
import { Splitter } from './splitter.ts';
import type { Tlv } from './tlv.ts';
import { Writer } from './writer.ts';

const NO_TLVS: readonly Tlv[] = [];
const EMPTY = Buffer.alloc(0);

/** The bytes of a PDU. @throws Error when it cannot be written */
export function bytesOf(pdu: Partial<Pdu> & Pick<Pdu, 'body'>): Buffer {
  const writer = new Writer();
  const failure = encode(writer, { sequence: 1, status: 0, tlvs: NO_TLVS, ...pdu });
  if (failure !== undefined) throw new Error(failure.reason);
  return writer.take();
}

/** What the bytes of one PDU, complete with its header, are read as. */
export function read(bytes: Buffer): Decoded {
  return decode({ bytes, start: 0, end: bytes.length });
}

/** The PDUs in these bytes. @throws Error when they are none */
export function pdusOf(bytes: Buffer): Pdu[] {
  const splitter = new Splitter(100_000);
  splitter.push(bytes);
  const pdus: Pdu[] = [];
  for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
    const decoded = decode(frame);
    if (decoded.kind === 'unreadable') throw new Error(decoded.failure.reason);
    pdus.push(decoded.pdu);
  }
  if (splitter.failure !== undefined) throw new Error(splitter.failure);
  return pdus;
}

/** A header and whatever is to come behind it. */
export function rawPdu(
  commandId: number,
  body: Uint8Array = EMPTY,
  header: { readonly status?: number; readonly sequence?: number } = {},
): Buffer {
  const bytes = Buffer.alloc(16 + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(commandId, 4);
  bytes.writeUInt32BE(header.status ?? 0, 8);
  bytes.writeUInt32BE(header.sequence ?? 1, 12);
  bytes.set(body, 16);
  return bytes;
}

/** A short message that says hello. */
export function message(fields: Partial<Message> = {}): Message {
  return {
    command: 'submit_sm',
    serviceType: '',
    source: { ton: 1, npi: 1, address: '12065550100' },
    destination: { ton: 1, npi: 1, address: '12065550199' },
    esmClass: 0,
    protocolId: 0,
    priority: 0,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    registeredDelivery: 0,
    replaceIfPresent: 0,
    dataCoding: 0,
    defaultMessageId: 0,
    shortMessage: Buffer.from('hello'),
    ...fields,
  };
}

const byte = fc.integer({ min: 0, max: 255 });
const status = fc.integer({ min: 0, max: 0xffff_ffff });
const octets = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
/** @param maxBytes with the NUL, as the tables of the specification have it */
const text = (maxBytes: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: maxBytes - 1 }).map((codes) => String.fromCharCode(...codes));
const address = (maxBytes: number): fc.Arbitrary<Address> => fc.record({ ton: byte, npi: byte, address: text(maxBytes) });

const messageFields = {
  serviceType: text(6),
  source: address(21),
  esmClass: byte,
  protocolId: byte,
  priority: byte,
  scheduleDeliveryTime: text(17),
  validityPeriod: text(17),
  registeredDelivery: byte,
  replaceIfPresent: byte,
  dataCoding: byte,
  defaultMessageId: byte,
  shortMessage: octets(254),
};

const requests: fc.Arbitrary<Body>[] = [
  fc.record({
    command: fc.constantFrom('bind_receiver', 'bind_transmitter', 'bind_transceiver'),
    systemId: text(16),
    password: text(9),
    systemType: text(13),
    interfaceVersion: byte,
    addressRange: address(41),
  }),
  fc.record({ command: fc.constant('outbind'), systemId: text(16), password: text(9) }),
  fc.record({ command: fc.constantFrom('submit_sm', 'deliver_sm'), destination: address(21), ...messageFields }),
  fc.record({
    command: fc.constant('submit_multi'),
    destinations: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('address'), address: address(21) }),
        fc.record({ kind: fc.constant('distributionList'), name: text(21) }),
      ),
      { minLength: 1, maxLength: 254 },
    ),
    ...messageFields,
  }),
  fc.record({
    command: fc.constant('data_sm'),
    serviceType: text(6),
    source: address(65),
    destination: address(65),
    esmClass: byte,
    registeredDelivery: byte,
    dataCoding: byte,
  }),
  fc.record({ command: fc.constant('query_sm'), messageId: text(65), source: address(21) }),
  fc.record({
    command: fc.constant('cancel_sm'),
    serviceType: text(6),
    messageId: text(65),
    source: address(21),
    destination: address(21),
  }),
  fc.record({
    command: fc.constant('replace_sm'),
    messageId: text(65),
    source: address(21),
    scheduleDeliveryTime: text(17),
    validityPeriod: text(17),
    registeredDelivery: byte,
    defaultMessageId: byte,
    shortMessage: octets(254),
  }),
  fc.record({ command: fc.constant('alert_notification'), source: address(65), esme: address(65) }),
  fc.record({ command: fc.constantFrom('unbind', 'enquire_link') }),
];

const answers: fc.Arbitrary<Body>[] = [
  fc.record({ command: fc.constantFrom('bind_receiver_resp', 'bind_transmitter_resp', 'bind_transceiver_resp'), systemId: text(16) }),
  fc.record({ command: fc.constantFrom('submit_sm_resp', 'deliver_sm_resp', 'data_sm_resp'), messageId: text(65) }),
  fc.record({
    command: fc.constant('submit_multi_resp'),
    messageId: text(65),
    unsuccessful: fc.array(fc.record({ address: address(21), status }), { maxLength: 255 }),
  }),
  fc.record({ command: fc.constant('query_sm_resp'), messageId: text(65), finalDate: text(17), messageState: byte, errorCode: byte }),
  fc.record({ command: fc.constantFrom('unbind_resp', 'enquire_link_resp', 'cancel_sm_resp', 'replace_sm_resp', 'generic_nack') }),
];

/** Any PDU that SMPP 3.4 allows. */
export const anyPdu: fc.Arbitrary<Pdu> = fc.record({
  sequence: fc.integer({ min: 1, max: MAX_SEQUENCE }),
  status,
  body: fc.oneof(...requests, ...answers),
  tlvs: fc.array(fc.record({ tag: fc.integer({ min: 0, max: 0xffff }), value: octets(300) }), { maxLength: 4 }),
});
