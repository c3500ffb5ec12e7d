import { type Static, Type } from 'typebox';
import { operation } from '../operation.ts';
import { sms, SmsQuery } from './shapes.ts';

const DeliveryReport = Type.Object({
  messageId: Type.String(),
  from: Type.String(),
  to: Type.String(),
  /** `Delivered` or `Failed`. */
  deliveryStatus: Type.String(),
  /** A code and what it stands for, `2000: …`. */
  deliveryStatusDetails: Type.String(),
  deliveryAttempts: Type.Array(
    Type.Object({ timestamp: Type.String(), segmentsSucceeded: Type.Integer(), segmentsFailed: Type.Integer() }),
  ),
  receivedTimestamp: Type.String(),
  tag: Type.Optional(Type.String()),
});
export type DeliveryReport = Static<typeof DeliveryReport>;

export const getDeliveryReport = operation({
  ...sms,
  id: 'DeliveryReports_Get',
  method: 'GET',
  path: '/deliveryReports/{outgoingMessageId}',
  summary: 'Gets what became of a text message, when that is known',
  params: Type.Object({ outgoingMessageId: Type.String({ minLength: 1, maxLength: 256 }) }),
  query: SmsQuery,
  responses: { 200: DeliveryReport },
});
