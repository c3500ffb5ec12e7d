import type { AdvancedFilter } from '@switchboard/contract';
import type { Event } from '../../event.ts';
import { valueOf } from './event-key.ts';
import { NULL_OPERATORS, type Operand, type Operator, OPERATORS } from './operators.ts';

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
    return value.some((element) => typeof element === type && holds(element as never)) !== isNegated;
  };
}
