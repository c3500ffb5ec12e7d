import type { AlertNotification, Cancel, Query, QueryAnswer, Replace } from './body.ts';
import { FIELD } from './field.ts';
import { readShortMessage, writeShortMessage } from './message-shapes.ts';
import type { Shape } from './shape.ts';

/** Section 4.8.1. */
export const QUERY_SM: Shape<Query> = {
  id: 0x00000003,
  read: (reader) => ({ command: 'query_sm', messageId: reader.text(FIELD.messageId), source: reader.address(FIELD.source) }),
  write(writer, body) {
    writer.text(body.messageId, FIELD.messageId);
    writer.address(body.source, FIELD.source);
  },
};

/** Section 4.8.2. */
export const QUERY_SM_RESP: Shape<QueryAnswer> = {
  id: 0x80000003,
  read: (reader) => ({
    command: 'query_sm_resp',
    messageId: reader.text(FIELD.messageId),
    finalDate: reader.text(FIELD.finalDate),
    messageState: reader.byte('message_state'),
    errorCode: reader.byte('error_code'),
  }),
  write(writer, body) {
    writer.text(body.messageId, FIELD.messageId);
    writer.text(body.finalDate, FIELD.finalDate);
    writer.byte(body.messageState, 'message_state');
    writer.byte(body.errorCode, 'error_code');
  },
};

/** Section 4.9.1. */
export const CANCEL_SM: Shape<Cancel> = {
  id: 0x00000008,
  read: (reader) => ({
    command: 'cancel_sm',
    serviceType: reader.text(FIELD.serviceType),
    messageId: reader.text(FIELD.messageId),
    source: reader.address(FIELD.source),
    destination: reader.address(FIELD.destination),
  }),
  write(writer, body) {
    writer.text(body.serviceType, FIELD.serviceType);
    writer.text(body.messageId, FIELD.messageId);
    writer.address(body.source, FIELD.source);
    writer.address(body.destination, FIELD.destination);
  },
};

/** Section 4.10.1. */
export const REPLACE_SM: Shape<Replace> = {
  id: 0x00000007,
  read: (reader) => ({
    command: 'replace_sm',
    messageId: reader.text(FIELD.messageId),
    source: reader.address(FIELD.source),
    scheduleDeliveryTime: reader.text(FIELD.scheduleDeliveryTime),
    validityPeriod: reader.text(FIELD.validityPeriod),
    registeredDelivery: reader.byte('registered_delivery'),
    defaultMessageId: reader.byte('sm_default_msg_id'),
    shortMessage: readShortMessage(reader),
  }),
  write(writer, body) {
    writer.text(body.messageId, FIELD.messageId);
    writer.address(body.source, FIELD.source);
    writer.text(body.scheduleDeliveryTime, FIELD.scheduleDeliveryTime);
    writer.text(body.validityPeriod, FIELD.validityPeriod);
    writer.byte(body.registeredDelivery, 'registered_delivery');
    writer.byte(body.defaultMessageId, 'sm_default_msg_id');
    writeShortMessage(writer, body.shortMessage);
  },
};

/** Section 4.12.1. */
export const ALERT_NOTIFICATION: Shape<AlertNotification> = {
  id: 0x00000102,
  read: (reader) => ({
    command: 'alert_notification',
    source: reader.address(FIELD.longSource),
    esme: reader.address(FIELD.esme),
  }),
  write(writer, body) {
    writer.address(body.source, FIELD.longSource);
    writer.address(body.esme, FIELD.esme);
  },
};
