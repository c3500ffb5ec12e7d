import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import { type Random, uuid } from '../../../lib/random.ts';
import type { Timers } from '../../../lib/timers.ts';
import { Turns } from '../../../lib/turns.ts';
import type { Senders } from '../../destinations/destinations.ts';
import type { EventSource } from '../../sources.ts';
import type { Subscription } from '../subscription.ts';
import { type ConsentAnswer, type ConsentWay, consentWayOf } from './consent.ts';
import { askByOptions } from './options-request.ts';
import { askByEvent } from './validation-event.ts';

export interface HandshakesOptions {
  readonly senders: Senders;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number;
  /** Where others reach this server, as soon as it listens. */
  readonly selfUrl: () => Promise<URL>;
}

/** What came of a handshake. `later`: with the key of the validation URL that may still be opened. */
export type HandshakeResult =
  | { readonly kind: 'consent'; readonly ratePerMinute?: number }
  | { readonly kind: 'later'; readonly reason: string; readonly key: string }
  | { readonly kind: 'refusal'; readonly reason: string };

export interface HandshakeQuestion {
  readonly source: EventSource;
  readonly subscription: Pick<Subscription, 'id' | 'name' | 'destination' | 'schema'>;
}

interface Asking extends HandshakeQuestion {
  readonly way: ConsentWay;
  readonly key: string;
}

interface Running {
  readonly key: string;
  readonly confirmed: PromiseWithResolvers<HandshakeResult>;
}

/** Handshakes at once: one that hangs for a minute must not keep others waiting. */
const MOST_AT_ONCE = 256;
/** Callers that may wait for their turn. */
const MOST_WAITING = 1_000;
const RETRY_AFTER_MS = 5_000;
const KEY_BYTES = 32;

/** Asks endpoints whether they want events (wire/event-grid.md 4, "Handshakes"). */
export class Handshakes {
  readonly #options: HandshakesOptions;
  readonly #turns = new Turns(MOST_AT_ONCE);
  /** By subscription, its newest. */
  readonly #running = new Map<string, Running>();

  constructor(options: HandshakesOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#turns.waiting >= MOST_WAITING;
  }

  /** Resolves when the endpoint has answered, could not be asked twice, or its validation URL was opened. */
  async ask({ source, subscription }: HandshakeQuestion): Promise<HandshakeResult> {
    const way = consentWayOf(subscription);
    if (way === undefined) return { kind: 'consent' };
    const running: Running = {
      key: this.#options.random.bytes(KEY_BYTES).toString('base64url'),
      confirmed: Promise.withResolvers<HandshakeResult>(),
    };
    this.#running.set(subscription.id, running);
    try {
      const asked = this.#turns.run(() => this.#askTwice({ source, subscription, way, key: running.key }));
      return await Promise.race([asked, running.confirmed.promise]);
    } finally {
      if (this.#running.get(subscription.id) === running) this.#running.delete(subscription.id);
    }
  }

  /** An endpoint may open the validation URL before it answers. @returns whether such a handshake runs */
  confirm(subscriptionId: string, key: string, ratePerMinute?: number): boolean {
    const running = this.#running.get(subscriptionId);
    if (running === undefined || !isSameKey(running.key, key)) return false;
    running.confirmed.resolve({ kind: 'consent', ...(ratePerMinute === undefined ? {} : { ratePerMinute }) });
    return true;
  }

  async #askTwice(question: Asking): Promise<HandshakeResult> {
    const first = await this.#ask(question);
    const answer = first.kind === 'refusal' && !first.isFinal ? await this.#askAgain(question) : first;
    return answer.kind === 'later' ? { ...answer, key: question.key } : answer;
  }

  async #askAgain(question: Asking): Promise<ConsentAnswer> {
    await new Promise<void>((resolve) => void this.#options.timers.after(RETRY_AFTER_MS, resolve));
    return this.#ask(question);
  }

  async #ask(question: Asking): Promise<ConsentAnswer> {
    const { senders, clock, random, timeoutMs, selfUrl } = this.#options;
    const { source, subscription, way, key } = question;
    const client = senders.senderTo(subscription.destination);
    const self = await selfUrl();
    const validationUrl = validationUrlOf(self, { ...subscription, key });
    if (way.kind === 'options') return askByOptions(client, { url: way.url, origin: self.hostname, callback: validationUrl, timeoutMs });
    return askByEvent(client, {
      url: way.url,
      topic: source.topic,
      subscription: subscription.name,
      eventId: uuid(random),
      code: uuid(random),
      validationUrl,
      atMs: clock.now(),
      timeoutMs,
    });
  }
}

/** Keys are secrets: comparing takes the same time wherever they differ. */
export function isSameKey(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function validationUrlOf(self: URL, { id, name, key }: { readonly id: string; readonly name: string; readonly key: string }): string {
  const url = new URL(`/eventSubscriptions/${name}/validate`, self);
  url.searchParams.set('id', id);
  url.searchParams.set('token', key);
  return url.href;
}
