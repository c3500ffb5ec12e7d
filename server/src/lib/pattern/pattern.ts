import { type Assertion, parsePattern, PatternError, type PatternOptions } from './parse.ts';
import { type Instruction, programOf } from './program.ts';

export { PatternError } from './parse.ts';

/** What a search may still cost. */
export interface StepBudget {
  steps: number;
}

/**
 * A regular expression that is searched for in time proportional to the text, whatever it is: all ways through the
 * pattern are followed at once (Thompson 1968), where a backtracking engine tries one after the other.
 */
export class Pattern {
  readonly #program: readonly Instruction[];
  /** The position, counted over all searches, at which a place of the program was last reached. */
  readonly #reached: Float64Array;
  #position = 0;
  readonly #open: number[] = [];

  /** @throws PatternError saying what is wrong with it */
  constructor(source: string, options: PatternOptions = {}) {
    this.#program = programOf(parsePattern(source, options));
    this.#reached = new Float64Array(this.#program.length);
  }

  /** Whether the pattern is found anywhere in the text. @throws PatternError when the budget does not suffice */
  isIn(text: string, budget: StepBudget): boolean {
    const search: Search = { text, at: 0, budget };
    const places: number[] = [];
    const next: number[] = [];
    for (; search.at <= text.length; search.at++) {
      this.#position += 1;
      const code = text.charCodeAt(search.at);
      if (places.length === 0 && this.#program[0]?.op === 'set' && !this.#reads(0, code)) continue;
      for (const place of places) if (this.#follow(place, search, next)) return true;
      // A match may begin anywhere.
      if (this.#follow(0, search, next)) return true;
      places.length = 0;
      for (const place of next) if (this.#reads(place, code)) places.push(place + 1);
      next.length = 0;
    }
    return false;
  }

  /** Adds the places that read a character and can be reached from a place without. @returns whether the end can */
  #follow(from: number, search: Search, next: number[]): boolean {
    const open = this.#open;
    open.length = 0;
    open.push(from);
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (this.#reached[place] === this.#position) continue;
      this.#reached[place] = this.#position;
      search.budget.steps -= 1;
      if (search.budget.steps < 0) throw new PatternError('takes too long over these texts; look for less, or in fewer');
      const instruction = this.#program[place] as Instruction;
      if (instruction.op === 'set') next.push(place);
      else if (instruction.op === 'accept') return true;
      else if (instruction.op === 'fork') for (const to of instruction.to) open.push(to);
      else if (holds(instruction.at, search)) open.push(place + 1);
    }
    return false;
  }

  #reads(place: number, code: number): boolean {
    const instruction = this.#program[place];
    return instruction?.op === 'set' && instruction.has(code);
  }
}

interface Search {
  readonly text: string;
  at: number;
  readonly budget: StepBudget;
}

const WORD = /\w/;

function holds(assertion: Assertion, { text, at }: Search): boolean {
  if (assertion === 'start') return at === 0;
  if (assertion === 'end') return at === text.length;
  const isBoundary = WORD.test(text.charAt(at - 1)) !== WORD.test(text.charAt(at));
  return isBoundary === (assertion === 'boundary');
}
