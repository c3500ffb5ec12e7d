import { createHash } from 'node:crypto';
import type { SendSmsBody, SendSmsResult } from '@switchboard/contract';
import type { ResourceRef } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import { smsErrors } from '../errors.ts';
import type { StoredMessage } from '../message.ts';
import { CHANCE_BYTES, messageIdOf, type MessageNumbers } from '../message-number.ts';
import type { NumberDirectory } from '../numbers.ts';
import type { SmsFactListener } from '../sms-facts.ts';
import type { MessageStore } from '../store/message-store.ts';
import { repeatStore } from '../store/repeat-store.ts';
import { STORE_LANE } from '../store/store-lane.ts';
import { segmentsOf } from '../text/segments.ts';
import { refusalOf, repeatabilityRefusalOf } from './recipients.ts';
import { type Recipient, readSendRequest, type SendRequest } from './send-request.ts';
import type { Sender, Senders } from './senders.ts';

export interface SendServiceOptions {
  readonly storage: Storage;
  readonly store: MessageStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly messageNumbers: MessageNumbers;
  readonly numbers: NumberDirectory;
  readonly senders: Senders;
  /** How many messages wait for a carrier. */
  readonly waitingFor: (carrier: string) => number;
  /** Name of the carrier that takes what a sender sends. @throws ApiError when there is none */
  readonly carrierOf: (sender: Sender) => string;
  readonly announce: SmsFactListener;
}

/** What all messages of a request have in common. */
interface Sending {
  readonly resource: ResourceRef;
  readonly request: SendRequest;
  readonly sender: Sender;
  readonly carrier: string;
  readonly segments: number;
}

const ACCEPTED = 202;
const REFUSED = 400;
const REUSED = 'This repeatabilityRequestId was already used for another message.';

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
    const { senders, carrierOf, storage } = this.#options;
    const { limits } = resource;
    const request = readSendRequest(body, limits);
    const sender = await senders.find(resource, request.from);
    const carrier = carrierOf(sender);
    const refusals = request.recipients.map((recipient) => this.#refusal(recipient));
    const wanted = refusals.filter((refusal) => refusal === undefined).length;
    const size = this.#options.waitingFor(carrier);
    const most = limits.value('sms.queued-messages');
    if (size + wanted > most) throw smsErrors.queueFull(carrier, { size, most });
    senders.take(limits, sender, wanted);
    if (wanted === 0) return refusals.flatMap((refusal) => refusal ?? []);
    const sending = { resource, request, sender, carrier, segments: segmentsOf(request.text).segments.length };
    return storage.forResource(resource.id).write((tx) => this.#accept(tx, sending, refusals), STORE_LANE);
  }

  #refusal(recipient: Recipient): SendSmsResult | undefined {
    const { to } = recipient;
    const wrongNumber = refusalOf(to, (text) => this.#options.numbers.emergencyNumberOf(text));
    if (wrongNumber !== undefined) return refused(to, wrongNumber, undefined);
    const wrongRepeat = repeatabilityRefusalOf(recipient);
    return wrongRepeat === undefined ? undefined : refused(to, wrongRepeat, 'rejected');
  }

  async #accept(tx: Transaction, sending: Sending, refusals: readonly (SendSmsResult | undefined)[]): Promise<SendSmsResult[]> {
    const results: SendSmsResult[] = [];
    const accepted: StoredMessage[] = [];
    for (const [place, recipient] of sending.request.recipients.entries()) {
      const refusal = refusals[place];
      results.push(refusal ?? (await this.#acceptOne(tx, sending, { recipient, accepted })));
    }
    const { announce } = this.#options;
    tx.afterCommit(() => {
      for (const message of accepted) announce({ kind: 'sent', message });
    });
    return results;
  }

  async #acceptOne(
    tx: Transaction,
    sending: Sending,
    { recipient, accepted }: { readonly recipient: Recipient; readonly accepted: StoredMessage[] },
  ): Promise<SendSmsResult> {
    const { store } = this.#options;
    const { to, requestId } = recipient;
    if (requestId === undefined) {
      const message = this.#newMessage(sending, to);
      await store.insert(tx, message);
      accepted.push(message);
      return { to, messageId: message.messageId, httpStatusCode: ACCEPTED, successful: true };
    }
    const nowMs = this.#options.clock.now();
    const repeatable = { resourceId: sending.resource.id, requestId, fingerprint: fingerprintOf(sending, to) };
    let first = await repeatStore.find(tx, repeatable, nowMs);
    if (first === undefined) {
      const message = this.#newMessage(sending, to);
      // Another request may have been first a moment ago, on another connection.
      if (await repeatStore.claim(tx, repeatable, { messageId: message.messageId, nowMs })) {
        await store.insert(tx, message);
        accepted.push(message);
        return { ...repeated(to, message.messageId) };
      }
      first = await repeatStore.find(tx, repeatable, nowMs);
    }
    if (first?.fingerprint !== repeatable.fingerprint) return refused(to, REUSED, 'rejected');
    return repeated(to, first.messageId);
  }

  #newMessage({ resource, request, sender, carrier, segments }: Sending, to: string): StoredMessage {
    const { clock, ids, messageNumbers } = this.#options;
    const createdAtMs = clock.now();
    const no = messageNumbers.next(createdAtMs);
    return {
      no,
      resourceId: resource.id,
      messageId: messageIdOf('Outgoing', no, { atMs: createdAtMs, chance: ids.bytes('sms', CHANCE_BYTES) }),
      from: sender.address,
      to,
      carrier,
      segments,
      text: request.text,
      ...(request.tag === undefined ? {} : { tag: request.tag }),
      wantsReport: request.wantsReport,
      createdAtMs,
      progress: { state: 'queued', succeeded: 0, failed: 0, dueAtMs: createdAtMs + request.reportTimeoutMs },
    };
  }
}

function refused(to: string, errorMessage: string, repeatabilityResult: 'rejected' | undefined): SendSmsResult {
  return { to, httpStatusCode: REFUSED, ...(repeatabilityResult && { repeatabilityResult }), errorMessage, successful: false };
}

function repeated(to: string, messageId: string): SendSmsResult {
  return { to, messageId, httpStatusCode: ACCEPTED, repeatabilityResult: 'accepted', successful: true };
}

/** The same id for something else is a mistake of the client. */
function fingerprintOf({ request: { from, text, wantsReport, tag, reportTimeoutMs } }: Sending, to: string): string {
  const content = JSON.stringify([from, to, text, wantsReport, tag ?? null, reportTimeoutMs]);
  return createHash('sha256').update(content).digest('base64');
}
