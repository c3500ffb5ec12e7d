import type { Carrier } from '../carriers/carrier.ts';
import type { StoredMessage } from '../message.ts';
import { Lane, type LaneGround } from './lane.ts';

/** A lane for each carrier. */
export class Lanes {
  readonly #ground: LaneGround;
  readonly #lanes = new Map<string, Lane>();

  constructor(ground: LaneGround) {
    this.#ground = ground;
  }

  /** @param name stored with messages: never given to another carrier */
  add(name: string, carrier: Carrier): void {
    this.#lanes.set(name, new Lane({ ...this.#ground, name, carrier }));
  }

  has(carrier: string): boolean {
    return this.#lanes.has(carrier);
  }

  async start(): Promise<void> {
    for (const lane of this.#lanes.values()) await lane.start();
  }

  /** How many messages wait for a carrier. */
  sizeOf(carrier: string): number {
    return this.#lanes.get(carrier)?.size ?? 0;
  }

  isSubmitting(carrier: string): boolean {
    return this.#lanes.get(carrier)?.isSubmitting === true;
  }

  offer(message: StoredMessage): void {
    this.#lanes.get(message.carrier)?.offer(message);
  }

  left(message: StoredMessage): void {
    this.#lanes.get(message.carrier)?.left(message);
  }

  ready(carrier: string): void {
    this.#lanes.get(carrier)?.ready();
  }

  pump(): void {
    for (const lane of this.#lanes.values()) lane.pump();
  }

  forget(): void {
    for (const lane of this.#lanes.values()) lane.forget();
  }

  /** Whether anything could be handed over now. */
  get isBusy(): boolean {
    return [...this.#lanes.values()].some((lane) => lane.isBusy);
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }
}
