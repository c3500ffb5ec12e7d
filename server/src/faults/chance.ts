import { createHash } from 'node:crypto';
import type { Random } from '../lib/random.ts';

/** Gives numbers from 0 to less than 1. */
export type Chance = () => number;

const BYTES = 6;
const RANGE = 2 ** (8 * BYTES);

/** @param seed makes the sequence the same each time */
export function chanceOf(random: Random, seed: number | undefined): Chance {
  if (seed === undefined) return () => random.bytes(BYTES).readUIntBE(0, BYTES) / RANGE;
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed} ${count}`).digest().readUIntBE(0, BYTES) / RANGE;
  };
}
