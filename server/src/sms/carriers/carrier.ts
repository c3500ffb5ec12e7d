import type { MaybePromise, Transaction } from '../../storage/index.ts';
import type { DeliveryCode } from '../reports/delivery-codes.ts';
import type { Encoding } from '../text/segments.ts';

/** A message on its way out, as a carrier gets it. */
export interface CarriedMessage {
  /** Names the message in this installation; rises from message to message, below 2^53. */
  readonly no: number;
  /** In the E.164 form, a short code, or an alphanumeric sender. */
  readonly from: string;
  /** In the E.164 form. */
  readonly to: string;
  readonly encoding: Encoding;
  /** In their order; at least one. Their octets: `text/segments.ts`. */
  readonly segments: readonly string[];
  /** For the concatenation headers of several segments, 0 to 65535; the same whenever the message is submitted. */
  readonly reference: number;
  /** Shown at once and not kept. */
  readonly isFlash: boolean;
  /** From then on nobody waits for it any more: milliseconds since the epoch by the clock of the product. */
  readonly expiresAtMs: number;
}

/** Why a message, or a segment of it, did not and will not reach its phone. */
export interface Failure {
  readonly code: DeliveryCode;
  /** In the carrier's own words, without text of messages; what the code stands for by default. */
  readonly text?: string;
}

/** A segment that was taken, under the id that its receipt will name, or that never will be. */
export type SubmittedSegment = { readonly carrierId: string } | Failure;

/** What came of an attempt to hand over a message. */
export type Submission =
  | {
      readonly kind: 'accepted';
      /** One for each segment, in their order. */
      readonly segments: readonly SubmittedSegment[];
      /** What the carrier itself stores, in the transaction that notes all this. */
      readonly alongside?: (tx: Transaction) => MaybePromise<void>;
    }
  /** For good: it is not tried again. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Nothing of it was taken. It is tried again, and until then nothing else is. */
  | {
      readonly kind: 'later';
      readonly reason: 'throttled' | 'down';
      /** For the log. */
      readonly detail: string;
      /** How long to wait, in real time; a back-off by default. */
      readonly afterMs?: number;
    }
  /** It may have been taken: the answer did not come. The setting `sms.in-doubt` decides. */
  | { readonly kind: 'unknown'; readonly detail: string };

/**
 * A way for messages to phones and back. Its answers come when they come: what must not wait for ever, it limits itself.
 *
 * A message has one attempt at a time, and a phone one message, so that what is sent to it keeps its order.
 */
export interface Carrier {
  /** How many messages it takes at once (1). */
  readonly window: number;
  /** Never rejects. */
  submit(message: CarriedMessage): Promise<Submission>;
  /** Ends what is under way; what was not answered counts as `unknown`. */
  close(): Promise<void>;
}

/** What a carrier tells of a segment that it took. */
export interface CarrierReceipt {
  readonly carrierId: string;
  /** Undefined when the phone has it. */
  readonly failure?: Failure;
}

/** `unknown`: no message waits for it, because it came twice, too late, or is not ours. */
export type ReceiptFate = 'noted' | 'unknown';

/** A message from a phone, or a segment of one. */
export interface ArrivedSegment {
  /** As the carrier writes it: usually digits, with or without a plus sign. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Which segment of a longer message it is. */
  readonly part?: { readonly reference: number; readonly total: number; readonly number: number };
}

/** What carriers tell: each promise resolves when what it was told is durable, and rejects when it could not be stored. */
export interface CarrierListener {
  receipt(receipt: CarrierReceipt): Promise<ReceiptFate>;
  arrived(segment: ArrivedSegment): Promise<void>;
  /** It takes messages again; those that wait need not wait longer. */
  ready(): void;
}

/** Makes a carrier that tells `listener` what happens. */
export type CarrierMaker = (listener: CarrierListener) => Carrier;
