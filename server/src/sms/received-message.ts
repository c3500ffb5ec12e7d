/** `refused`: the number takes none; `incomplete`: not all of its segments came. Of both nobody is told. */
export type ReceivedState = 'received' | 'refused' | 'incomplete';

/** A message from a phone. */
export interface ReceivedMessage {
  readonly no: number;
  readonly resourceId: string;
  readonly messageId: string;
  /** The phone: in the E.164 form, or whatever else the carrier says. */
  readonly from: string;
  /** The number of the resource. */
  readonly to: string;
  /** Of an incomplete one what came, in the order of its segments. */
  readonly text: string;
  readonly state: ReceivedState;
  /** How many came. */
  readonly segments: number;
  readonly receivedAtMs: number;
  /** Why it went no further. */
  readonly detail?: string;
}
