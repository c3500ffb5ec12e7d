import type { AdvancedFilter, EventFilter, InputSchema } from '@switchboard/contract';
import { eventErrors } from '../../errors.ts';
import { keyProblem } from '../filters/event-key.ts';
import { NULL_OPERATORS, type OperandKind, OPERATOR_NAMES, OPERATORS } from '../filters/operators.ts';

/** Limits of Event Grid (wire/event-grid.md 2). */
const MOST_FILTERS = 25;
const MOST_VALUES = 25;
const MOST_CHARACTERS = 512;

const FILTERS = 'filter.advancedFilters';

/** @throws ApiError 400 naming the member that is wrong */
export function checkFilter(filter: EventFilter, input: InputSchema): EventFilter {
  (filter.includedEventTypes ?? []).forEach((type, i) => {
    if (type.trim() === '') throw eventErrors.invalid(`filter.includedEventTypes[${i}]`, 'must not be empty');
  });
  for (const member of ['subjectBeginsWith', 'subjectEndsWith'] as const)
    if ((filter[member] ?? '').length > MOST_CHARACTERS)
      throw eventErrors.invalid(`filter.${member}`, `must have at most ${MOST_CHARACTERS} characters`);
  const advanced = filter.advancedFilters ?? [];
  if (advanced.length > MOST_FILTERS) throw eventErrors.invalid(FILTERS, `must be at most ${MOST_FILTERS}; they are ${advanced.length}`);
  advanced.forEach((one, i) => checkAdvanced(one, `${FILTERS}[${i}]`, input));
  const values = advanced.reduce((sum, one) => sum + countOf(one), 0);
  if (values > MOST_VALUES) throw eventErrors.invalid(FILTERS, `must have at most ${MOST_VALUES} values together; they have ${values}`);
  return filter;
}

function countOf({ operatorType, values }: AdvancedFilter): number {
  return NULL_OPERATORS.has(operatorType) ? 0 : (values?.length ?? 1);
}

function checkAdvanced(filter: AdvancedFilter, target: string, input: InputSchema): void {
  const problem = keyProblem(filter.key, input);
  if (problem !== undefined) throw eventErrors.invalid(`${target}.key`, problem);
  if (NULL_OPERATORS.has(filter.operatorType)) return;
  const operator = OPERATORS.get(filter.operatorType);
  if (operator === undefined) throw eventErrors.invalid(`${target}.operatorType`, `must be one of ${OPERATOR_NAMES.join(', ')}`);
  checkOperand(filter, target, operator.operand);
}

function checkOperand({ value, values }: AdvancedFilter, target: string, kind: OperandKind): void {
  switch (kind) {
    case 'number':
    case 'boolean':
      if (typeof value !== kind) throw eventErrors.invalid(`${target}.value`, `must be a ${kind}`);
      if (values) throw eventErrors.invalid(`${target}.values`, 'must be absent: this operator takes one value');
      return;
    case 'none':
      return;
    default:
      if (!values || values.length === 0) throw eventErrors.invalid(`${target}.values`, 'must hold at least one value');
      if ((value ?? undefined) !== undefined) throw eventErrors.invalid(`${target}.value`, 'must be absent: this operator takes values');
      values.forEach((one, i) => {
        const problem = valueProblem(one, kind);
        if (problem !== undefined) throw eventErrors.invalid(`${target}.values[${i}]`, problem);
      });
  }
}

function valueProblem(value: unknown, kind: 'numbers' | 'ranges' | 'strings'): string | undefined {
  switch (kind) {
    case 'numbers':
      return typeof value === 'number' ? undefined : 'must be a number';
    case 'ranges':
      return isRange(value) ? undefined : 'must be a pair of numbers, the lower first';
    case 'strings':
      if (typeof value !== 'string') return 'must be a string';
      return value.length <= MOST_CHARACTERS ? undefined : `must have at most ${MOST_CHARACTERS} characters`;
  }
}

function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [low, high] = value as readonly unknown[];
  return typeof low === 'number' && typeof high === 'number' && low <= high;
}
