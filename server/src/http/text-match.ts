import { Pattern, PatternError } from '../lib/pattern/pattern.ts';
import { httpErrors } from './errors.ts';

/** What all texts together may cost one caller: some 50 ms of the processor. */
const MOST_STEPS = 1_000_000;

/** The query parameter `match` of inboxes: a part of a text, or between slashes a pattern. */
export class TextMatch {
  readonly #part: string;
  readonly #pattern: Pattern | undefined;
  readonly #budget = { steps: MOST_STEPS };

  /**
   * @param text such as `Hello` or `/code is \d{6}/i`
   * @throws ApiError 400 saying what is wrong with the pattern
   */
  constructor(text: string) {
    this.#part = text;
    const pattern = /^\/(.*)\/(i?)$/s.exec(text);
    this.#pattern =
      pattern === null ? undefined : refusing(() => new Pattern(pattern[1] ?? '', pattern[2] === 'i' ? { ignoresCase: true } : {}));
  }

  /** @throws ApiError 400 when patterns were looked for in more than one caller may */
  isIn(text: string): boolean {
    const pattern = this.#pattern;
    return pattern === undefined ? text.includes(this.#part) : refusing(() => pattern.isIn(text, this.#budget));
  }
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PatternError) throw httpErrors.badMatch(error.message);
    throw error;
  }
}
