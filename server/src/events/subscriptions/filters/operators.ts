import { type FoldedText, foldedOf } from './folded-text.ts';

/** What an operator compares with. */
export type OperandKind = 'numbers' | 'number' | 'ranges' | 'boolean' | 'strings' | 'none';
type Range = readonly [low: number, high: number];
export type Operand = readonly number[] | number | readonly Range[] | boolean | readonly string[] | undefined;

/** Whether a value of the operator's type is one of those that it looks for. */
export type Holds = (value: never) => boolean;

export interface Operator {
  /** Of the values that it judges; values of other types count as missing. */
  readonly type: 'number' | 'string' | 'boolean';
  readonly operand: OperandKind;
  /** Matches what does not hold. */
  readonly isNegated: boolean;
  /** Whether it matches an event without the value. */
  readonly matchesMissing: boolean;
  readonly compile: (operand: never) => Holds;
}

const numbers = (isNegated: boolean, operand: 'numbers' | 'ranges', compile: (operand: never) => Holds): Operator => ({
  type: 'number',
  operand,
  isNegated,
  matchesMissing: isNegated,
  compile,
});
const number = (compare: (value: number, bound: number) => boolean): Operator => ({
  type: 'number',
  operand: 'number',
  isNegated: false,
  matchesMissing: false,
  compile: (bound: number) => (value: number) => compare(value, bound),
});
/** Strings never compare by case. */
const strings = (
  test: (text: FoldedText, part: string) => boolean,
  { isNegated, matchesMissing }: { readonly isNegated: boolean; readonly matchesMissing: boolean },
): Operator => ({
  type: 'string',
  operand: 'strings',
  isNegated,
  matchesMissing,
  compile: (parts: readonly string[]) => {
    const folded = parts.map((part) => part.toLowerCase());
    return (value: string) => {
      const text = foldedOf(value);
      return folded.some((part) => test(text, part));
    };
  },
});

const isIn = (wanted: readonly number[]) => (value: number) => wanted.includes(value);
const isInRange = (ranges: readonly Range[]) => (value: number) => ranges.some(([low, high]) => low <= value && value <= high);
const isSame = ({ text }: FoldedText, part: string): boolean => text === part;
const contains = (text: FoldedText, part: string): boolean => text.includes(part);
const begins = ({ text }: FoldedText, part: string): boolean => text.startsWith(part);
const ends = ({ text }: FoldedText, part: string): boolean => text.endsWith(part);

const PLAIN = { isNegated: false, matchesMissing: false };
/** Of the negated operators only NotIn matches what is missing (wire/event-grid.md 2, the table). */
const NOT = { isNegated: true, matchesMissing: false };

export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['NumberIn', numbers(false, 'numbers', isIn)],
  ['NumberNotIn', numbers(true, 'numbers', isIn)],
  ['NumberLessThan', number((value, bound) => value < bound)],
  ['NumberLessThanOrEquals', number((value, bound) => value <= bound)],
  ['NumberGreaterThan', number((value, bound) => value > bound)],
  ['NumberGreaterThanOrEquals', number((value, bound) => value >= bound)],
  ['NumberInRange', numbers(false, 'ranges', isInRange)],
  ['NumberNotInRange', numbers(true, 'ranges', isInRange)],
  ['BoolEquals', { ...PLAIN, type: 'boolean', operand: 'boolean', compile: (wanted: boolean) => (value: boolean) => value === wanted }],
  ['StringIn', strings(isSame, PLAIN)],
  ['StringNotIn', strings(isSame, { isNegated: true, matchesMissing: true })],
  ['StringContains', strings(contains, PLAIN)],
  ['StringNotContains', strings(contains, NOT)],
  ['StringBeginsWith', strings(begins, PLAIN)],
  ['StringNotBeginsWith', strings(begins, NOT)],
  ['StringEndsWith', strings(ends, PLAIN)],
  ['StringNotEndsWith', strings(ends, NOT)],
]);

/** Operators on whether there is a value at all, of whatever type. */
export const NULL_OPERATORS: ReadonlyMap<string, boolean> = new Map([
  ['IsNullOrUndefined', true],
  ['IsNotNull', false],
]);

export const OPERATOR_NAMES: readonly string[] = [...OPERATORS.keys(), ...NULL_OPERATORS.keys()];
