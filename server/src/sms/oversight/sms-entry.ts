import type { AdminSmsMessage } from '@switchboard/contract';
import type { StoredMessage } from '../message.ts';
import { deliveryDetails } from '../reports/delivery-codes.ts';
import type { ReceivedMessage } from '../received-message.ts';

/** A message as an administrator sees it, whichever way it goes. */
export interface SmsEntry {
  readonly no: number;
  readonly resourceId: string;
  readonly shown: AdminSmsMessage;
}

export function sentEntry({ progress, ...message }: StoredMessage): SmsEntry {
  const { submittedAtMs, concludedAtMs, code, detail } = progress;
  return {
    no: message.no,
    resourceId: message.resourceId,
    shown: {
      messageId: message.messageId,
      direction: 'outbound',
      from: message.from,
      to: message.to,
      message: message.text,
      status: progress.state === 'submitting' ? 'queued' : progress.state,
      ...(code === undefined || concludedAtMs === undefined ? {} : { statusDetails: deliveryDetails(code, detail) }),
      segmentCount: message.segments,
      createdOn: iso(message.createdAtMs),
      ...(submittedAtMs === undefined ? {} : { submittedOn: iso(submittedAtMs) }),
      ...(concludedAtMs === undefined ? {} : { concludedOn: iso(concludedAtMs) }),
      carrier: message.carrier,
      ...(message.tag === undefined ? {} : { tag: message.tag }),
    },
  };
}

export function receivedEntry(message: ReceivedMessage): SmsEntry {
  return {
    no: message.no,
    resourceId: message.resourceId,
    shown: {
      messageId: message.messageId,
      direction: 'inbound',
      from: message.from,
      to: message.to,
      message: message.text,
      status: message.state,
      ...(message.detail === undefined ? {} : { statusDetails: message.detail }),
      segmentCount: message.segments,
      createdOn: iso(message.receivedAtMs),
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
