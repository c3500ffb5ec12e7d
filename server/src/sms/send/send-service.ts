import type { SendSmsBody, SendSmsResult } from '@switchboard/contract';
import type { ResourceRef } from '../../http/index.ts';
import type { Storage } from '../../storage/index.ts';
import { smsErrors } from '../errors.ts';
import type { NumberDirectory } from '../numbers.ts';
import { STORE_LANE } from '../store/store-lane.ts';
import { segmentsOf } from '../text/segments.ts';
import type { Acceptance } from './acceptance.ts';
import { refusalOf, refused, repeatabilityRefusalOf } from './recipients.ts';
import { type Recipient, readSendRequest } from './send-request.ts';
import type { Sender, Senders } from './senders.ts';

export interface SendServiceOptions {
  readonly storage: Storage;
  readonly numbers: NumberDirectory;
  readonly senders: Senders;
  readonly acceptance: Acceptance;
  /** How many messages wait for a carrier. */
  readonly waitingFor: (carrier: string) => number;
  /** Name of the carrier that takes what a sender sends. @throws ApiError when there is none */
  readonly carrierOf: (sender: Sender) => string;
}

/** Accepts messages: each recipient has a result, and those accepted are on disk when it is told. */
export class SendService {
  readonly #options: SendServiceOptions;

  constructor(options: SendServiceOptions) {
    this.#options = options;
  }

  /**
   * Results in the order of the recipients.
   *
   * @throws ApiError 400, 401, 429 or 503, when nothing is sent at all
   */
  async send(resource: ResourceRef, body: SendSmsBody): Promise<SendSmsResult[]> {
    const { senders, carrierOf, storage, acceptance } = this.#options;
    const request = readSendRequest(body, resource.limits);
    const sender = await senders.find(resource, request.from);
    const carrier = carrierOf(sender);
    const refusals = request.recipients.map((recipient) => this.#refusal(sender, recipient));
    const wanted = refusals.filter((refusal) => refusal === undefined).length;
    this.#checkRoom(resource, carrier, wanted);
    senders.take(resource, sender, wanted);
    if (wanted === 0) return refusals.flatMap((refusal) => refusal ?? []);
    const sending = { resource, request, sender, carrier, segments: segmentsOf(request.text).segments.length };
    return storage.forResource(resource.id).write(async (tx) => {
      const results: SendSmsResult[] = [];
      for (const [place, recipient] of request.recipients.entries())
        results.push(refusals[place] ?? (await acceptance.accept(tx, sending, recipient)));
      return results;
    }, STORE_LANE);
  }

  #refusal(sender: Sender, recipient: Recipient): SendSmsResult | undefined {
    const { to } = recipient;
    const wrongNumber = refusalOf(to, sender, this.#options.numbers);
    if (wrongNumber !== undefined) return refused(to, wrongNumber, undefined);
    const wrongRepeat = repeatabilityRefusalOf(recipient);
    return wrongRepeat === undefined ? undefined : refused(to, wrongRepeat, 'rejected');
  }

  /** @throws ApiError 503 */
  #checkRoom({ limits }: ResourceRef, carrier: string, wanted: number): void {
    const size = this.#options.waitingFor(carrier);
    const most = limits.value('sms.queued-messages');
    if (size + wanted > most) throw smsErrors.queueFull(carrier, { size, most });
  }
}
