import type { DeliveryFaults } from '../../faults/index.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { AttemptResult, Delivery, Endpoint } from './attempt.ts';
import { resultOf } from './notification.ts';

export interface DisturbedEndpointOptions {
  readonly inner: Endpoint;
  readonly subscription: Subscription;
  readonly faults: DeliveryFaults;
  readonly timers: Timers;
}

/** How long a delivery that is to be overtaken waits for another. */
const OVERTAKEN_WITHIN_MS = 5_000;

/** An endpoint with fault rules before it: repeats, holds back or refuses deliveries on command. */
export class DisturbedEndpoint implements Endpoint {
  readonly #options: DisturbedEndpointOptions;
  /** Ends the waits: of those that are held back, and of those that another is to overtake. */
  readonly #held = new Set<() => void>();
  readonly #overtaken = new Set<() => void>();

  constructor(options: DisturbedEndpointOptions) {
    this.#options = options;
  }

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { inner, faults } = this.#options;
    const result = await (faults.isActive ? this.#disturbed(batch) : inner.deliver(batch));
    for (const go of this.#overtaken) go();
    return result;
  }

  close(): void {
    for (const go of [...this.#held, ...this.#overtaken]) go();
    this.#options.inner.close?.();
  }

  async #disturbed(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { inner, subscription, faults } = this.#options;
    const eventType = batch[0]?.event.type ?? '';
    const struck = faults.strike({ sourceId: subscription.sourceId, subscription: subscription.name, eventType });
    switch (struck?.effect.kind) {
      case 'status':
        return resultOf({ status: struck.effect.status, text: `answered by the fault rule ${struck.rule}` });
      case 'delayMs':
        await this.#wait(this.#held, struck.effect.delayMs);
        break;
      case 'reorder':
        await this.#wait(this.#overtaken, OVERTAKEN_WITHIN_MS);
        break;
      case 'duplicate':
        await inner.deliver(batch);
        break;
      default:
    }
    return inner.deliver(batch);
  }

  async #wait(waiting: Set<() => void>, waitMs: number): Promise<void> {
    const over = Promise.withResolvers<undefined>();
    const go = (): void => over.resolve(undefined);
    const timer = this.#options.timers.after(waitMs, go);
    waiting.add(go);
    await over.promise;
    timer.cancel();
    waiting.delete(go);
  }
}
