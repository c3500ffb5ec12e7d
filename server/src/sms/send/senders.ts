import type { ResourceRef } from '../../http/index.ts';
import type { RateName, SlidingWindows } from '../../limits/index.ts';
import { smsErrors } from '../errors.ts';
import type { NumberDirectory, SmsNumber, TextSender } from '../numbers.ts';

/** Who a message comes from. */
export type Sender = TextSender & {
  readonly address: string;
  /** Undefined for the default. */
  readonly carrier: string | undefined;
};

/** The rates of each kind of sender; what is not limited under a preset is free of charge there. */
const RATES: Readonly<Record<Sender['type'], readonly RateName[]>> = {
  geographic: ['sms.number-rate'],
  mobile: ['sms.number-rate'],
  tollFree: ['sms.number-rate', 'sms.toll-free-rate'],
  shortCode: ['sms.number-rate', 'sms.short-code-rate'],
  alphanumeric: ['sms.number-rate', 'sms.alphanumeric-rate'],
};

/** Finds senders, and keeps their rates. */
export class Senders {
  readonly #numbers: NumberDirectory;
  readonly #windows: SlidingWindows;

  constructor({ numbers, windows }: { readonly numbers: NumberDirectory; readonly windows: SlidingWindows }) {
    this.#numbers = numbers;
    this.#windows = windows;
  }

  /** @throws ApiError 401 for what the resource does not own, 400 for what cannot send */
  async find(resource: ResourceRef, from: string): Promise<Sender> {
    const number = await this.#numbers.owned(resource.id, from);
    if (number === undefined) throw smsErrors.notOwned(from);
    const { sms, phoneNumber: address, type, countryCode, carrier } = number;
    if (!canSend(sms)) throw smsErrors.cannotSend(from, sms);
    return { address, type, countryCode, carrier };
  }

  /** Counts messages of a sender: all of them, or none. @throws ApiError 429 when its rate is used up */
  take(resource: ResourceRef, { address, type }: Sender, amount: number): void {
    const key = type === 'alphanumeric' ? resource.id : address;
    this.#windows.takeAll(resource.limits, RATES[type], { key, amount });
  }
}

function canSend(sms: SmsNumber['sms']): boolean {
  return sms === 'outbound' || sms === 'inbound+outbound';
}
