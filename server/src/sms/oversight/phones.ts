import type { Storage } from '../../storage/index.ts';
import { smsErrors } from '../errors.ts';
import { readAddress } from '../inbound/addresses.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { ReceivedMessage } from '../received-message.ts';
import { STORE_LANE } from '../store/store-lane.ts';
import { segmentsOf } from '../text/segments.ts';

export interface PhonesOptions {
  readonly storage: Storage;
  readonly inbound: Inbound;
  /** Under which what phones send arrives. */
  readonly carrier: string;
}

/** What a phone sends. */
export interface PhoneMessage {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Whose number `to` must be; anybody's by default. */
  readonly resourceId: string | undefined;
}

/** What has become of it by now. */
export interface PhoneResult {
  readonly segmentCount: number;
  /** Undefined while it is on its way. */
  readonly received: ReceivedMessage | undefined;
}

/** A phone that nobody holds in hands: a plus sign and digits, or a short code or a name. */
const SENDER = /^(?:\+[1-9]\d{6,14}|[A-Za-z0-9][A-Za-z0-9 ]{0,10})$/;

/** Simulated phones, as their users. */
export class Phones {
  readonly #options: PhonesOptions;

  constructor(options: PhonesOptions) {
    this.#options = options;
  }

  /** Texts one of our numbers. @throws ApiError 400 for who cannot text, 404 for a number that nobody has */
  async send({ from, to, text, resourceId }: PhoneMessage): Promise<PhoneResult> {
    const { storage, inbound, carrier } = this.#options;
    if (!SENDER.test(readAddress(from))) throw smsErrors.noPhone('from');
    const owner = await inbound.ownerOf(to);
    if (owner === undefined || (resourceId ?? owner.resourceId) !== owner.resourceId) throw smsErrors.nobodysNumber(to);
    const { segments } = segmentsOf(text);
    const received = await storage.write(async (tx) => {
      let whole: ReceivedMessage | undefined;
      for (const [place, segment] of segments.entries()) {
        const part = { reference: 0, total: segments.length, number: place + 1 };
        whole = await inbound.take(tx, { carrier, owner, segment: { from, to, text: segment, part } });
      }
      return whole;
    }, STORE_LANE);
    return { segmentCount: segments.length, received };
  }
}
