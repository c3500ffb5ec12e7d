import type { Address, DataMessage, Destination, Message, MessageAnswer, MessageFields, SubmitMulti, SubmitMultiAnswer } from './body.ts';
import { FIELD, MAX_DESTINATIONS, MAX_SHORT_MESSAGE_BYTES } from './field.ts';
import type { Reader } from './reader.ts';
import type { Shape } from './shape.ts';
import { STATUS } from './status.ts';
import type { Writer } from './writer.ts';

/** `dest_flag` of submit_multi, section 5.2.25. */
const SME_ADDRESS = 1;
const DISTRIBUTION_LIST = 2;

/** Sections 4.4.1 and 4.6.1, which are the same. */
export function message(id: number, command: Message['command']): Shape<Message> {
  return {
    id,
    read: (reader) => {
      const serviceType = reader.text(FIELD.serviceType);
      const source = reader.address(FIELD.source);
      const destination = reader.address(FIELD.destination);
      return { command, destination, ...messageFields(reader, serviceType, source) };
    },
    write(writer, body) {
      writer.text(body.serviceType, FIELD.serviceType);
      writer.address(body.source, FIELD.source);
      writer.address(body.destination, FIELD.destination);
      writeMessageFields(writer, body);
    },
  };
}

/** Section 4.5.1. */
export const SUBMIT_MULTI: Shape<SubmitMulti> = {
  id: 0x00000021,
  read: (reader) => {
    const serviceType = reader.text(FIELD.serviceType);
    const source = reader.address(FIELD.source);
    const destinations = readDestinations(reader);
    return { command: 'submit_multi', destinations, ...messageFields(reader, serviceType, source) };
  },
  write(writer, body) {
    writer.text(body.serviceType, FIELD.serviceType);
    writer.address(body.source, FIELD.source);
    writeDestinations(writer, body.destinations);
    writeMessageFields(writer, body);
  },
};

/** Section 4.7.1. */
export const DATA_SM: Shape<DataMessage> = {
  id: 0x00000103,
  read: (reader) => ({
    command: 'data_sm',
    serviceType: reader.text(FIELD.serviceType),
    source: reader.address(FIELD.longSource),
    destination: reader.address(FIELD.longDestination),
    esmClass: reader.byte('esm_class'),
    registeredDelivery: reader.byte('registered_delivery'),
    dataCoding: reader.byte('data_coding'),
  }),
  write(writer, body) {
    writer.text(body.serviceType, FIELD.serviceType);
    writer.address(body.source, FIELD.longSource);
    writer.address(body.destination, FIELD.longDestination);
    writer.byte(body.esmClass, 'esm_class');
    writer.byte(body.registeredDelivery, 'registered_delivery');
    writer.byte(body.dataCoding, 'data_coding');
  },
};

export function messageAnswer(id: number, command: MessageAnswer['command']): Shape<MessageAnswer> {
  return {
    id,
    read: (reader) => ({ command, messageId: reader.text(FIELD.messageId) }),
    write: (writer, body) => writer.text(body.messageId, FIELD.messageId),
  };
}

/** Section 4.5.2. */
export const SUBMIT_MULTI_RESP: Shape<SubmitMultiAnswer> = {
  id: 0x80000021,
  read: (reader) => {
    const messageId = reader.text(FIELD.messageId);
    const count = reader.byte('no_unsuccess');
    const unsuccessful: SubmitMultiAnswer['unsuccessful'][number][] = [];
    for (let i = 0; i < count && reader.failure === undefined; i++)
      unsuccessful.push({ address: reader.address(FIELD.destination), status: reader.uint32('error_status_code') });
    return { command: 'submit_multi_resp', messageId, unsuccessful };
  },
  write(writer, body) {
    writer.text(body.messageId, FIELD.messageId);
    writer.byte(body.unsuccessful.length, 'no_unsuccess');
    for (const { address, status } of body.unsuccessful) {
      writer.address(address, FIELD.destination);
      writer.uint32(status);
    }
  },
};

/** What both begin with was read before: the destinations stand in between. */
function messageFields(reader: Reader, serviceType: string, source: Address): MessageFields {
  return {
    serviceType,
    source,
    esmClass: reader.byte('esm_class'),
    protocolId: reader.byte('protocol_id'),
    priority: reader.byte('priority_flag'),
    scheduleDeliveryTime: reader.text(FIELD.scheduleDeliveryTime),
    validityPeriod: reader.text(FIELD.validityPeriod),
    registeredDelivery: reader.byte('registered_delivery'),
    replaceIfPresent: reader.byte('replace_if_present_flag'),
    dataCoding: reader.byte('data_coding'),
    defaultMessageId: reader.byte('sm_default_msg_id'),
    shortMessage: readShortMessage(reader),
  };
}

function writeMessageFields(writer: Writer, body: MessageFields): void {
  writer.byte(body.esmClass, 'esm_class');
  writer.byte(body.protocolId, 'protocol_id');
  writer.byte(body.priority, 'priority_flag');
  writer.text(body.scheduleDeliveryTime, FIELD.scheduleDeliveryTime);
  writer.text(body.validityPeriod, FIELD.validityPeriod);
  writer.byte(body.registeredDelivery, 'registered_delivery');
  writer.byte(body.replaceIfPresent, 'replace_if_present_flag');
  writer.byte(body.dataCoding, 'data_coding');
  writer.byte(body.defaultMessageId, 'sm_default_msg_id');
  writeShortMessage(writer, body.shortMessage);
}

/** `sm_length` and `short_message`, sections 5.2.21 and 5.2.22. */
export function readShortMessage(reader: Reader): Buffer {
  const length = reader.byte('sm_length');
  if (length > MAX_SHORT_MESSAGE_BYTES) reader.fail(STATUS.ESME_RINVMSGLEN, `sm_length is over ${MAX_SHORT_MESSAGE_BYTES}`);
  else if (length > reader.left) reader.fail(STATUS.ESME_RINVMSGLEN, 'sm_length is more than what is left of the PDU');
  return reader.failure === undefined ? reader.octets(length, 'short_message') : reader.octets(0, 'short_message');
}

export function writeShortMessage(writer: Writer, octets: Buffer): void {
  if (octets.length > MAX_SHORT_MESSAGE_BYTES)
    return writer.fail(STATUS.ESME_RINVMSGLEN, `short_message is longer than ${MAX_SHORT_MESSAGE_BYTES} octets`);
  writer.byte(octets.length, 'sm_length');
  writer.octets(octets);
}

function readDestinations(reader: Reader): Destination[] {
  const count = reader.byte('number_of_dests');
  if (count === 0 || count > MAX_DESTINATIONS)
    reader.fail(STATUS.ESME_RINVNUMDESTS, `number_of_dests is not from 1 to ${MAX_DESTINATIONS}`);
  const destinations: Destination[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    const flag = reader.byte('dest_flag');
    if (flag === SME_ADDRESS) destinations.push({ kind: 'address', address: reader.address(FIELD.destination) });
    else if (flag === DISTRIBUTION_LIST) destinations.push({ kind: 'distributionList', name: reader.text(FIELD.distributionList) });
    else reader.fail(STATUS.ESME_RINVDESTFLAG, 'dest_flag is neither 1 nor 2');
  }
  return destinations;
}

function writeDestinations(writer: Writer, destinations: readonly Destination[]): void {
  if (destinations.length === 0 || destinations.length > MAX_DESTINATIONS)
    return writer.fail(STATUS.ESME_RINVNUMDESTS, `there are not from 1 to ${MAX_DESTINATIONS} destinations`);
  writer.byte(destinations.length, 'number_of_dests');
  for (const destination of destinations) {
    writer.byte(destination.kind === 'address' ? SME_ADDRESS : DISTRIBUTION_LIST, 'dest_flag');
    if (destination.kind === 'address') writer.address(destination.address, FIELD.destination);
    else writer.text(destination.name, FIELD.distributionList);
  }
}
