/** The value below which `fraction` (0 to 1) of the values lie, by nearest rank. Throws when there is none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)];
  if (value === undefined) throw new Error('no values to take a percentile of');
  return value;
}

/** The middle value, or the mean of the two middle ones. Throws when there is none. */
export function median(values: readonly number[]): number {
  const negated = values.map((value) => -value);
  return (percentile(values, 0.5) - percentile(negated, 0.5)) / 2;
}
