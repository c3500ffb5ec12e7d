import type { PushEffect, PushFaults } from '../../faults/index.ts';
import type { LiveEvent } from '@switchboard/contract';
import { textOfUser } from '../../http/index.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { ChatFact } from '../chat-facts.ts';
import type { LiveConnection } from './live-connection.ts';
import type { LiveHub } from './live-hub.ts';

export interface DisturbedPushesOptions {
  readonly hub: LiveHub;
  readonly faults: PushFaults;
  readonly timers: Timers;
}

const EVENTS: Readonly<Record<ChatFact['kind'], LiveEvent>> = {
  messageReceived: 'chatMessageReceived',
  messageEdited: 'chatMessageEdited',
  messageDeleted: 'chatMessageDeleted',
  messageRead: 'readReceiptReceived',
  typing: 'typingIndicatorReceived',
  threadCreated: 'chatThreadCreated',
  threadUpdated: 'chatThreadPropertiesUpdated',
  threadDeleted: 'chatThreadDeleted',
  participantsAdded: 'participantsAdded',
  participantsRemoved: 'participantsRemoved',
};

/** How long a push waits for the next one to overtake it. */
const OVERTAKEN_WITHIN_MS = 5_000;
/** Pushes that may wait at a time; more go out at once. */
const MAX_WAITING = 10_000;

interface Overtaken {
  readonly fact: ChatFact;
  readonly timer: Timer;
}

/** Stands in front of the hub and carries out what fault rules do to pushes and connections. */
export class DisturbedPushes {
  readonly #options: DisturbedPushesOptions;
  /** By user, the push that waits for the next one. */
  readonly #overtaken = new Map<string, Overtaken>();
  /** Pushes that wait for their time. */
  readonly #late = new Set<Timer>();

  constructor(options: DisturbedPushesOptions) {
    this.#options = options;
    const { hub, faults } = options;
    faults.onNow((strike) => {
      for (const connection of hub.connections()) {
        const { resourceId, id } = connection.user;
        const struck = strike({ resourceId, user: id });
        if (struck !== undefined) disturb(connection, struck.effect);
      }
    });
  }

  push(fact: ChatFact): void {
    if (this.#options.faults.pushes.isActive) this.#pushDisturbed(fact);
    else this.#options.hub.push(fact);
  }

  /** Drops what still waits: it is of a state that was replaced. */
  forget(): void {
    for (const timer of [...this.#late, ...Array.from(this.#overtaken.values(), (overtaken) => overtaken.timer)]) timer.cancel();
    this.#late.clear();
    this.#overtaken.clear();
  }

  /** Rules are asked about each recipient who is connected. */
  #pushDisturbed(fact: ChatFact): void {
    const { hub, faults } = this.#options;
    const { resourceId, threadId } = fact;
    for (const recipient of fact.recipients) {
      if (hub.countOf({ resourceId, id: recipient }) === 0) continue;
      const struck = faults.pushes.strike({ resourceId, user: recipient, event: EVENTS[fact.kind], threadId });
      const own = { ...fact, recipients: [recipient] };
      if (struck === undefined) this.#deliver(own);
      else this.#strike(own, { id: recipient, effect: struck.effect });
    }
  }

  #strike(fact: ChatFact, { id, effect }: { readonly id: string; readonly effect: PushEffect }): void {
    const { hub } = this.#options;
    switch (effect.kind) {
      case 'dropSocket':
      case 'halfOpen':
        for (const { connection } of hub.connectionsOf({ resourceId: fact.resourceId, id })) disturb(connection, effect);
        return;
      case 'losePush':
        return;
      case 'duplicatePush':
        this.#deliver(fact);
        this.#deliver(fact);
        return;
      case 'latePush':
        this.#deliverLate(fact, effect.delayMs);
        return;
      case 'reorder':
        this.#deliverBehind(fact);
    }
  }

  /** @param fact for one recipient; what it overtakes follows it */
  #deliver(fact: ChatFact): void {
    this.#options.hub.push(fact);
    const key = keyOf(fact);
    const overtaken = this.#overtaken.get(key);
    if (overtaken === undefined) return;
    this.#overtaken.delete(key);
    overtaken.timer.cancel();
    this.#options.hub.push(overtaken.fact);
  }

  #deliverLate(fact: ChatFact, delayMs: number): void {
    if (this.#late.size >= MAX_WAITING) {
      this.#deliver(fact);
      return;
    }
    const timer = this.#options.timers.after(delayMs, () => {
      this.#late.delete(timer);
      this.#deliver(fact);
    });
    this.#late.add(timer);
  }

  #deliverBehind(fact: ChatFact): void {
    const key = keyOf(fact);
    // What already waits is overtaken by this one.
    if (this.#overtaken.has(key) || this.#overtaken.size >= MAX_WAITING) {
      this.#deliver(fact);
      return;
    }
    const timer = this.#options.timers.after(OVERTAKEN_WITHIN_MS, () => {
      this.#overtaken.delete(key);
      this.#options.hub.push(fact);
    });
    this.#overtaken.set(key, { fact, timer });
  }
}

function disturb(connection: LiveConnection, { kind }: PushEffect): void {
  if (kind === 'dropSocket') connection.terminate('fault rule');
  else connection.freeze();
}

function keyOf({ resourceId, recipients: [id = ''] }: ChatFact): string {
  return textOfUser({ resourceId, id });
}
