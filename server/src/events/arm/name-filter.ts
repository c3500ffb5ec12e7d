import { armErrors } from './errors.ts';

export type NameTest = (name: string) => boolean;

/** Nested deeper than anybody needs. */
const MOST_DEPTH = 16;
const TOKEN = /\s*(?:('(?:[^']|'')*')|([a-z]+)|([(),]))/iy;

/**
 * What a `$filter` lets pass: `eq`, `ne` and `contains` on the name, joined by `and`, `or` and `not`, as the resource
 * provider documents it. Names compare without case.
 *
 * @throws ApiError 400
 */
export function nameFilter(text: string | undefined): NameTest {
  if (text === undefined || text.trim() === '') return () => true;
  const parser = new Parser(tokensOf(text));
  const test = parser.either(0);
  parser.end();
  return test;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const whole = text.trimEnd();
  while (TOKEN.lastIndex < whole.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(whole);
    if (match === null) throw armErrors.badFilter(`cannot be read at position ${at}`);
    tokens.push(match[1] ?? match[2]?.toLowerCase() ?? match[3] ?? '');
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  either(depth: number): NameTest {
    if (depth > MOST_DEPTH) throw armErrors.badFilter('is nested too deep');
    const tests = [this.#both(depth)];
    while (this.#take('or')) tests.push(this.#both(depth));
    return (name) => tests.some((test) => test(name));
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw armErrors.badFilter(`has ${JSON.stringify(this.#tokens[this.#at])} too much`);
  }

  #both(depth: number): NameTest {
    const tests = [this.#one(depth)];
    while (this.#take('and')) tests.push(this.#one(depth));
    return (name) => tests.every((test) => test(name));
  }

  #one(depth: number): NameTest {
    if (this.#take('not')) {
      if (depth > MOST_DEPTH) throw armErrors.badFilter('is nested too deep');
      const test = this.#one(depth + 1);
      return (name) => !test(name);
    }
    if (this.#take('(')) {
      const test = this.either(depth + 1);
      this.#expect(')');
      return test;
    }
    return this.#take('contains') ? this.#contains() : this.#comparison();
  }

  #contains(): NameTest {
    for (const token of ['(', 'name', ',']) this.#expect(token);
    const part = this.#text();
    this.#expect(')');
    return (name) => name.toLowerCase().includes(part);
  }

  #comparison(): NameTest {
    this.#expect('name');
    const isEqual = this.#take('eq');
    if (!isEqual) this.#expect('ne');
    const wanted = this.#text();
    return (name) => (name.toLowerCase() === wanted) === isEqual;
  }

  #text(): string {
    const token = this.#tokens[this.#at] ?? '';
    if (!token.startsWith("'")) throw armErrors.badFilter('lacks a text between apostrophes');
    this.#at += 1;
    return token.slice(1, -1).replaceAll("''", "'").toLowerCase();
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw armErrors.badFilter(`lacks ${JSON.stringify(token)}`);
  }
}
