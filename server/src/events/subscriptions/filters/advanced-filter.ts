import type { AdvancedFilter } from '@switchboard/contract';
import type { Event } from '../../event.ts';
import { valueOf } from './event-key.ts';
import { SEARCHED_CHARACTERS } from './folded-text.ts';
import { NULL_OPERATORS, type Operand, type Operator, OPERATORS } from './operators.ts';

const JUDGED_ELEMENTS = 1_000;

/** Whether an event passes. */
export type EventTest = (event: Event) => boolean;

/**
 * Compiles one condition that was checked.
 *
 * @param onArrays whether the elements of an array are judged; without that an array counts as missing
 */
export function compileAdvanced(filter: AdvancedFilter, onArrays: boolean): EventTest {
  const found = valueOf(filter.key);
  const wantsNull = NULL_OPERATORS.get(filter.operatorType);
  if (wantsNull !== undefined) return (event) => ((found(event) ?? undefined) === undefined) === wantsNull;
  const operator = OPERATORS.get(filter.operatorType);
  // Stored by a version that knows more: nothing is delivered that may not be wanted.
  if (operator === undefined) return () => false;
  const test = judge(operator, (filter.values ?? filter.value ?? undefined) as Operand, onArrays);
  return (event) => test(found(event));
}

function judge({ type, isNegated, matchesMissing, compile }: Operator, operand: Operand, onArrays: boolean): (value: unknown) => boolean {
  // Operand and values are of the operator's types: the one was checked when the filter was stored, the others are here.
  const holds = compile(operand as never);
  return (value) => {
    if (typeof value === type) return holds(value as never) !== isNegated;
    if (!onArrays || !Array.isArray(value)) return matchesMissing;
    return judged(value).some((element) => typeof element === type && holds(element as never)) !== isNegated;
  };
}

/** The elements of an array that are judged: the first thousand, as far as their texts are not longer than one may be. */
function judged(elements: readonly unknown[]): readonly unknown[] {
  let characters = 0;
  const end = elements.findIndex((element, i) => {
    characters += typeof element === 'string' ? element.length : 0;
    return i === JUDGED_ELEMENTS || characters > SEARCHED_CHARACTERS;
  });
  return end < 0 ? elements : elements.slice(0, end);
}
