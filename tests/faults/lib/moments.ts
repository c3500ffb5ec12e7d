import { setTimeout as delay } from 'node:timers/promises';

/** A whole number from `least` to `most`. */
export function between(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}

/** Waits for a random part of a few syncs, so that a fault does not always follow an answer. */
export async function randomMoment(): Promise<void> {
  await delay(Math.random() * 8);
}
