import type { Events } from '../../events/index.ts';
import type { MaybePromise, Transaction } from '../../storage/index.ts';
import type { StoredMessage } from '../message.ts';
import type { ReceivedMessage } from '../received-message.ts';
import { reportOf } from '../reports/report.ts';

const REPORT = 'Microsoft.Communication.SMSDeliveryReportReceived';
const RECEIVED = 'Microsoft.Communication.SMSReceived';

/** Queues the event that tells what became of a message, in the transaction that makes it so. */
export function publishReport(events: Events, tx: Transaction, message: StoredMessage): MaybePromise<void> {
  const { resourceId, from } = message;
  if (!events.wants(resourceId, REPORT)) return;
  return events.publish(tx, {
    sourceId: resourceId,
    type: REPORT,
    make: () => {
      const report = reportOf(message);
      if (report === undefined) return [];
      const sender = withoutPlus(from);
      const data = { ...report, from: sender };
      return [{ subject: `/phonenumber/${sender}`, data, atMs: message.progress.concludedAtMs ?? message.createdAtMs }];
    },
  });
}

/** Queues the event that tells of a message from a phone, in the transaction that keeps it. */
export function publishReceived(events: Events, tx: Transaction, message: ReceivedMessage): MaybePromise<void> {
  const { resourceId, messageId, text, segments, receivedAtMs } = message;
  if (!events.wants(resourceId, RECEIVED)) return;
  const [from, to] = [withoutPlus(message.from), withoutPlus(message.to)];
  const receivedTimestamp = new Date(receivedAtMs).toISOString();
  const data = { messageId, from, to, message: text, receivedTimestamp, segmentCount: segments };
  const make = () => [{ subject: `/phonenumber/${to}`, data, atMs: receivedAtMs }];
  return events.publish(tx, { sourceId: resourceId, type: RECEIVED, make, bytes: 1_000 + 2 * text.length });
}

/** Events write the number of the resource in digits alone, and in reports that of the phone with a plus sign (wire/rest-services.md 12). */
function withoutPlus(number: string): string {
  return number.startsWith('+') ? number.slice(1) : number;
}
