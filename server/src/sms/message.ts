import type { DeliveryCode } from './reports/delivery-codes.ts';

/** What is written only by the two ends, and sealed where it is stored. */
export interface MessageContent {
  readonly text: string;
  readonly tag?: string;
}

/** A message to one phone, as it was accepted. */
export interface OutgoingMessage extends MessageContent {
  readonly no: number;
  readonly resourceId: string;
  readonly messageId: string;
  /** As the resource owns it: in the E.164 form, a short code, or an alphanumeric sender. */
  readonly from: string;
  /** In the E.164 form. */
  readonly to: string;
  /** Name of the carrier that is to take it. */
  readonly carrier: string;
  readonly segments: number;
  /** Whether an event is to tell what becomes of it. */
  readonly wantsReport: boolean;
  readonly createdAtMs: number;
}

/**
 * `submitting` is only ever stored where a message must not go out twice: whether it is with the carrier is not known then.
 * `delivered` and `failed` are for ever.
 */
export type MessageState = 'queued' | 'submitting' | 'submitted' | 'delivered' | 'failed';

/** How far a message has come. */
export interface Progress {
  readonly state: MessageState;
  /** Segments that a carrier told the end of. */
  readonly succeeded: number;
  readonly failed: number;
  readonly submittedAtMs?: number;
  /** When it fails unless its end is known by then. Undefined from its end on. */
  readonly dueAtMs?: number;
  readonly concludedAtMs?: number;
  readonly code?: DeliveryCode;
  /** In the carrier's words. */
  readonly detail?: string;
}

export interface StoredMessage extends OutgoingMessage {
  readonly progress: Progress;
}
