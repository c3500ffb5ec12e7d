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

/** What SMS needs to know of phone numbers; `phone-numbers/` supplies it. */
export interface NumberDirectory {
  /** The number, when the resource owns it. Asked with every message. */
  owned(resourceId: string, number: string): MaybePromise<SmsNumber | undefined>;
  /** The emergency number that a text stands for, if it does. */
  emergencyNumberOf(text: string): string | undefined;
}
