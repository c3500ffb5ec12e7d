import { fraction, type Random } from '../../lib/random.ts';

export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait before an attempt: twice as long each time, and anything from half of that on, so that those who lost the
 * same server do not all come back at once.
 *
 * @param failures attempts that failed in a row, from 1 on
 */
export function backOffMs({ firstMs, mostMs }: BackOff, failures: number, random: Random): number {
  const fullMs = Math.min(mostMs, firstMs * 2 ** (failures - 1));
  return Math.round(fullMs * (0.5 + fraction(random) / 2));
}
