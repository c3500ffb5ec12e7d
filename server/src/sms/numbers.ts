import type { Capability } from '@switchboard/contract';
import type { MaybePromise } from '../storage/index.ts';

/** A number of a resource, as far as text messages go. */
export interface SmsNumber {
  /** In the E.164 form; short codes are digits alone. */
  readonly phoneNumber: string;
  readonly countryCode: string;
  readonly type: 'geographic' | 'tollFree' | 'mobile' | 'shortCode';
  readonly sms: Capability;
  /** Name of the carrier that carries it; undefined for the default. */
  readonly carrier: string | undefined;
}

/** What sends text messages, for the question where they go. */
export type TextSender = { readonly type: SmsNumber['type']; readonly countryCode: string } | { readonly type: 'alphanumeric' };

/** A number and whose it is. */
export interface NumberOwner {
  readonly resourceId: string;
  readonly owned: SmsNumber;
}

/** What SMS needs to know of phone numbers; `phone-numbers/` supplies it. */
export interface NumberDirectory {
  /** The number, when the resource owns it. Asked with every message. */
  owned(resourceId: string, number: string): MaybePromise<SmsNumber | undefined>;
  /** The same, whichever resource owns it. */
  ownerOf(number: string): MaybePromise<NumberOwner | undefined>;
  /** The emergency number that a text stands for, if it does. */
  emergencyNumberOf(text: string): string | undefined;
  /** Why a message of this sender does not reach a phone; undefined when it does. */
  textRefusalOf(sender: TextSender, recipient: string): string | undefined;
}
