/** A pattern as a tree. */
export type PatternNode =
  | { readonly kind: 'set'; readonly has: CodeSet }
  | { readonly kind: 'assert'; readonly at: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly least: number; readonly most: number };

/** Whether a UTF-16 code unit is meant. */
export type CodeSet = (code: number) => boolean;
export type Assertion = 'start' | 'end' | 'boundary' | 'inside';

export interface PatternOptions {
  readonly ignoresCase?: boolean;
}

/** A pattern that is none, or one that this engine does not know; the message says what is wrong, as "… at character 5". */
export class PatternError extends Error {}

const MOST_REPETITIONS = 1_000;
const LINE_ENDS = new Set([0x0a, 0x0d, 0x2028, 0x2029]);
const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };
const CLASSES: Readonly<Record<string, RegExp>> = { d: /\d/, D: /\D/, w: /\w/, W: /\W/, s: /\s/, S: /\S/ };

/**
 * Reads the part of JavaScript's regular expressions that can be matched in linear time: literals, `.`, classes, groups,
 * `|`, quantifiers, `^`, `$`, `\b`. There are no back references and no looking around.
 *
 * @throws PatternError
 */
export function parsePattern(source: string, { ignoresCase = false }: PatternOptions = {}): PatternNode {
  return new Parser(source, ignoresCase ? eitherCase : (has) => has).whole();
}

class Parser {
  readonly #source: string;
  /** Widens a set of characters to those that count as the same. */
  readonly #widen: (has: CodeSet) => CodeSet;
  #at = 0;

  constructor(source: string, widen: (has: CodeSet) => CodeSet) {
    this.#source = source;
    this.#widen = widen;
  }

  whole(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw this.#error('has a ) too many');
    return node;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as PatternNode) : { kind: 'choice', options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek()) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): PatternNode {
    const node = this.#atom();
    const bounds = this.#quantifier();
    if (bounds === undefined) return node;
    if (node.kind === 'assert') throw this.#error('repeats what has no width');
    // A lazy quantifier matches the same texts.
    this.#take('?');
    return { kind: 'repeat', node, ...bounds };
  }

  #quantifier(): { readonly least: number; readonly most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Infinity };
    if (this.#take('+')) return { least: 1, most: Infinity };
    if (this.#take('?')) return { least: 0, most: 1 };
    const found = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (found === null) return undefined;
    this.#at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === undefined ? Infinity : Number(found[3]);
    if (most < least || Math.max(least, most === Infinity ? 0 : most) > MOST_REPETITIONS)
      throw this.#error(`needs repetitions from a smaller to a larger number, at most ${MOST_REPETITIONS}`);
    return { least, most };
  }

  #atom(): PatternNode {
    const start = this.#at;
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', has: this.#class() };
      case '.':
        return { kind: 'set', has: (code) => !LINE_ENDS.has(code) };
      case '^':
        return { kind: 'assert', at: 'start' };
      case '$':
        return { kind: 'assert', at: 'end' };
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
      case '{':
        this.#at = start;
        throw this.#error(`has nothing to repeat, or an unescaped ${character}`);
      default:
        return { kind: 'set', has: this.#only(character.charCodeAt(0)) };
    }
  }

  #group(): PatternNode {
    if (this.#take('?') && !this.#take(':')) throw this.#error('has a group of a kind that is not supported; use ( ) or (?: )');
    const node = this.#choice();
    if (!this.#take(')')) throw this.#error('lacks a )');
    return node;
  }

  #escaped(): PatternNode {
    if (this.#take('b')) return { kind: 'assert', at: 'boundary' };
    if (this.#take('B')) return { kind: 'assert', at: 'inside' };
    const escape = this.#escape();
    return { kind: 'set', has: typeof escape === 'number' ? this.#only(escape) : escape };
  }

  /** What stands behind a backslash: one code unit, or a class of them. */
  #escape(): number | CodeSet {
    const character = this.#next();
    const known = CLASSES[character];
    if (known !== undefined) return (code) => known.test(String.fromCharCode(code));
    const control = CONTROLS[character];
    if (control !== undefined) return control;
    if (character === 'x') return this.#hex(2);
    if (character === 'u') return this.#hex(4);
    if (/[\dA-Za-z]/.test(character)) throw this.#error(`has the escape \\${character}, which is not supported`);
    return character.charCodeAt(0);
  }

  #hex(digits: number): number {
    const text = this.#source.slice(this.#at, this.#at + digits);
    if (text.length < digits || !/^[\da-f]+$/i.test(text)) throw this.#error(`needs ${digits} hexadecimal digits`);
    this.#at += digits;
    return parseInt(text, 16);
  }

  #class(): CodeSet {
    const isNegated = this.#take('^');
    const sets: CodeSet[] = [];
    while (!this.#take(']')) {
      const from = this.#member();
      const isRange = this.#peek() === '-' && !['', ']'].includes(this.#source.charAt(this.#at + 1));
      if (!isRange) sets.push(typeof from === 'number' ? this.#only(from) : from);
      else sets.push(this.#range(from));
    }
    return (code) => sets.some((has) => has(code)) !== isNegated;
  }

  #range(from: number | CodeSet): CodeSet {
    this.#next();
    const to = this.#member();
    if (typeof from !== 'number' || typeof to !== 'number' || to < from) throw this.#error('has a range that is none');
    return this.#widen((code) => code >= from && code <= to);
  }

  #member(): number | CodeSet {
    if (this.#peek() === '') throw this.#error('lacks a ]');
    return this.#take('\\') ? this.#escape() : this.#next().charCodeAt(0);
  }

  #only(wanted: number): CodeSet {
    return this.#widen((code) => code === wanted);
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #next(): string {
    const character = this.#peek();
    if (character === '') throw this.#error('ends too early');
    this.#at += 1;
    return character;
  }

  #error(problem: string): PatternError {
    return new PatternError(`${problem}, at character ${this.#at + 1}`);
  }
}

function eitherCase(has: CodeSet): CodeSet {
  return (code) => {
    const character = String.fromCharCode(code);
    return [code, character.toLowerCase().charCodeAt(0), character.toUpperCase().charCodeAt(0)].some(has);
  };
}
