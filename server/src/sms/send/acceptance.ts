import { createHash } from 'node:crypto';
import type { SendSmsResult } from '@switchboard/contract';
import type { ResourceRef } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Transaction } from '../../storage/index.ts';
import type { StoredMessage } from '../message.ts';
import { CHANCE_BYTES, messageIdOf, type MessageNumbers } from '../message-number.ts';
import type { OptOuts } from '../opt-outs/opt-outs.ts';
import { endedProgress, type Endings } from '../reports/endings.ts';
import type { SmsFactListener } from '../sms-facts.ts';
import type { MessageStore } from '../store/message-store.ts';
import { repeatStore } from '../store/repeat-store.ts';
import { refused } from './recipients.ts';
import type { Recipient, SendRequest } from './send-request.ts';
import type { Sender } from './senders.ts';

export interface AcceptanceOptions {
  readonly store: MessageStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly messageNumbers: MessageNumbers;
  readonly optOuts: OptOuts;
  readonly endings: Endings;
  readonly announce: SmsFactListener;
}

/** What all messages of a request have in common. */
export interface Sending {
  readonly resource: ResourceRef;
  readonly request: SendRequest;
  readonly sender: Sender;
  readonly carrier: string;
  readonly segments: number;
}

const ACCEPTED = 202;
const REUSED = 'This repeatabilityRequestId was already used for another message.';

/** Accepts messages to single phones, in a transaction. */
export class Acceptance {
  readonly #options: AcceptanceOptions;

  constructor(options: AcceptanceOptions) {
    this.#options = options;
  }

  /** A recipient with an id of its own is sent to once, however often it comes. */
  async accept(tx: Transaction, sending: Sending, { to, requestId }: Recipient): Promise<SendSmsResult> {
    if (requestId === undefined) {
      const message = this.#newMessage(sending, to);
      await this.#store(tx, message);
      return { to, messageId: message.messageId, httpStatusCode: ACCEPTED, successful: true };
    }
    const nowMs = this.#options.clock.now();
    const repeatable = { resourceId: sending.resource.id, requestId, fingerprint: fingerprintOf(sending, to) };
    const first = (await repeatStore.find(tx, repeatable, nowMs)) ?? (await this.#acceptFirst(tx, sending, { to, repeatable, nowMs }));
    if (first?.fingerprint !== repeatable.fingerprint) return refused(to, REUSED, 'rejected');
    return { to, messageId: first.messageId, httpStatusCode: ACCEPTED, repeatabilityResult: 'accepted', successful: true };
  }

  async #acceptFirst(
    tx: Transaction,
    sending: Sending,
    { to, repeatable, nowMs }: { readonly to: string; readonly repeatable: Parameters<typeof repeatStore.find>[1]; readonly nowMs: number },
  ): ReturnType<typeof repeatStore.find> {
    const message = this.#newMessage(sending, to);
    const { messageId } = message;
    // Another request may have been first a moment ago, on another connection.
    if (!(await repeatStore.claim(tx, repeatable, { messageId, nowMs }))) return repeatStore.find(tx, repeatable, nowMs);
    await this.#store(tx, message);
    return { messageId, fingerprint: repeatable.fingerprint };
  }

  /** A message that its phone does not want ends here. */
  async #store(tx: Transaction, message: StoredMessage): Promise<void> {
    const { store, optOuts, endings, announce } = this.#options;
    const { resourceId, from: sender, to: recipient, createdAtMs: atMs, segments: failed } = message;
    if (!(await optOuts.has(tx, { resourceId, sender, recipient }))) {
      await store.insert(tx, message);
      tx.afterCommit(() => announce({ kind: 'sent', message }));
      return;
    }
    const ended = { ...message, progress: endedProgress(message.progress, { code: 4007, atMs, progress: { failed } }) };
    await store.insert(tx, ended);
    tx.afterCommit(() => announce({ kind: 'sent', message: ended }));
    await endings.tell(tx, ended, undefined);
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

/** The same id for something else is a mistake of the client. */
function fingerprintOf({ request: { from, text, wantsReport, tag, reportTimeoutMs } }: Sending, to: string): string {
  const content = JSON.stringify([from, to, text, wantsReport, tag ?? null, reportTimeoutMs]);
  return createHash('sha256').update(content).digest('base64');
}
