/** Numbers of the segments that are not there. */
export function missingOf(pieces: readonly { readonly number: number }[], total: number): number[] {
  const there = new Set(pieces.map(({ number }) => number));
  return Array.from({ length: total }, (_, place) => place + 1).filter((number) => !there.has(number));
}
