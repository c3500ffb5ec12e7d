import type { DeliveryReport } from '@switchboard/contract';
import type { StoredMessage } from '../message.ts';
import { DELIVERED, deliveryDetails } from './delivery-codes.ts';

/** What is told of a message whose end is known; undefined for one that is under way. */
export function reportOf({ progress, ...message }: StoredMessage): DeliveryReport | undefined {
  const { code, detail, concludedAtMs, submittedAtMs = concludedAtMs, succeeded } = progress;
  if (code === undefined || concludedAtMs === undefined || submittedAtMs === undefined) return undefined;
  return {
    messageId: message.messageId,
    from: message.from,
    to: message.to,
    deliveryStatus: code === DELIVERED ? 'Delivered' : 'Failed',
    deliveryStatusDetails: deliveryDetails(code, detail),
    deliveryAttempts: [
      {
        timestamp: new Date(submittedAtMs).toISOString(),
        segmentsSucceeded: succeeded,
        // Whatever is not known to have arrived.
        segmentsFailed: message.segments - succeeded,
      },
    ],
    receivedTimestamp: new Date(concludedAtMs).toISOString(),
    ...(message.tag === undefined ? {} : { tag: message.tag }),
  };
}
