/** First pause and longest, milliseconds of real time. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long a carrier is left alone that did not take a message so many times in a row. */
export function backOffMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}
