import { Suffixes } from './suffixes.ts';

/** Characters of a text in which parts are looked for: more than any text of ACS has, and what Event Grid bills as one event. */
export const SEARCHED_CHARACTERS = 65_536;
/** V8 looks for parts up to this length in time that grows with the text alone, for longer ones with their product. */
const LONGEST_DIRECT = 250;
/** Parts that are looked for before it pays to sort a text. */
const MOST_DIRECT = 512;
/** Folding a shorter text costs less than finding it again. */
const LONG_CHARACTERS = 128;
/** Of all texts that are remembered: more than an event has. */
const MOST_REMEMBERED = 2 * 1024 * 1024;

/** A text as filters compare it: without case. */
export class FoldedText {
  readonly text: string;
  readonly #searched: string;
  #searches = 0;
  #suffixes: Suffixes | undefined;

  constructor(text: string) {
    this.text = text.toLowerCase();
    this.#searched = this.text.length > SEARCHED_CHARACTERS ? this.text.slice(0, SEARCHED_CHARACTERS) : this.text;
  }

  /** Whether its beginning holds a part. Twelve thousand parts, whatever they are, take about 0.1 s in the longest text. */
  includes(part: string): boolean {
    if (part.length > this.#searched.length) return false;
    if (this.#suffixes === undefined && part.length <= LONGEST_DIRECT && this.#searches < MOST_DIRECT) {
      this.#searches += 1;
      return this.#searched.includes(part);
    }
    this.#suffixes ??= new Suffixes(this.#searched);
    return this.#suffixes.includes(part);
  }
}

/** Many filters judge the same long texts one after the other: each text is folded once. */
const remembered = new Map<string, FoldedText>();
let rememberedCharacters = 0;

export function foldedOf(text: string): FoldedText {
  if (text.length < LONG_CHARACTERS) return new FoldedText(text);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  if (rememberedCharacters + text.length > MOST_REMEMBERED) {
    remembered.clear();
    rememberedCharacters = 0;
  }
  const folded = new FoldedText(text);
  remembered.set(text, folded);
  rememberedCharacters += text.length;
  return folded;
}
