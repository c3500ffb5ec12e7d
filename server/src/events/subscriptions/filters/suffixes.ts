const CHARACTERS = 0x10000;

/**
 * The suffixes of a text in their order: finds any part of it in a few steps, whatever it looks like (Manber and Myers,
 * "Suffix arrays: a new method for on-line string searches", 1993). Made in time that grows hardly faster than the text.
 */
export class Suffixes {
  readonly #text: string;
  readonly #sorted: Int32Array;

  constructor(text: string) {
    this.#text = text;
    this.#sorted = sortedSuffixes(text);
  }

  includes(part: string): boolean {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = this.#compare(part, this.#sorted[middle] as number);
      if (order === 0) return true;
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return part === '';
  }

  /** @returns 0 when the suffix that begins at a place begins with the part, less than that when the part comes before it */
  #compare(part: string, at: number): number {
    for (let i = 0; i < part.length; i += 1) {
      if (at + i >= this.#text.length) return 1;
      const order = part.charCodeAt(i) - this.#text.charCodeAt(at + i);
      if (order !== 0) return order;
    }
    return 0;
  }
}

/** Sorts by the first character, then by the first 2, 4, 8, …, until no two are alike. */
function sortedSuffixes(text: string): Int32Array {
  const places = new Int32Array(text.length);
  const codes = new Int32Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    places[at] = at;
    codes[at] = text.charCodeAt(at);
  }
  let sorted = sortedBy(codes, CHARACTERS, places);
  let { ranks, count } = rank(sorted, codes, 0);
  for (let known = 1; count < text.length; known *= 2) {
    sorted = sortedBy(ranks, count, orderOfRests(sorted, known));
    ({ ranks, count } = rank(sorted, ranks, known));
  }
  return sorted;
}

/** Places in the order of what stands `known` characters behind them; those with nothing there come first. */
function orderOfRests(sorted: Int32Array, known: number): Int32Array {
  const ordered = new Int32Array(sorted.length);
  let end = 0;
  for (let at = Math.max(0, sorted.length - known); at < sorted.length; at += 1) ordered[end++] = at;
  for (const at of sorted) if (at >= known) ordered[end++] = at - known;
  return ordered;
}

/** Sorts places by their keys, which are less than `count`; of the same key they stay in their order. */
function sortedBy(keys: Int32Array, count: number, places: Int32Array): Int32Array {
  const ends = new Int32Array(count + 1);
  for (const key of keys) ends[key + 1] = (ends[key + 1] as number) + 1;
  for (let key = 0; key < count; key += 1) ends[key + 1] = (ends[key + 1] as number) + (ends[key] as number);
  const sorted = new Int32Array(places.length);
  for (const at of places) {
    const key = keys[at] as number;
    const place = ends[key] as number;
    ends[key] = place + 1;
    sorted[place] = at;
  }
  return sorted;
}

/** Numbers sorted places: the same for those with the same key, and the same key `known` places behind. */
function rank(sorted: Int32Array, keys: Int32Array, known: number): { readonly ranks: Int32Array; readonly count: number } {
  const ranks = new Int32Array(sorted.length);
  let count = 0;
  let before = -1;
  for (const at of sorted) {
    const isLike = before >= 0 && keys[at] === keys[before] && keys[at + known] === keys[before + known];
    if (!isLike) count += 1;
    ranks[at] = count - 1;
    before = at;
  }
  return { ranks, count };
}
