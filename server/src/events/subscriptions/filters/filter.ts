import type { EventFilter } from '@switchboard/contract';
import { compileAdvanced, type EventTest } from './advanced-filter.ts';
import { foldedOf } from './folded-text.ts';

/** The event types that a filter names, in lower case; undefined for all of the source. */
export function typesOf({ includedEventTypes }: EventFilter): ReadonlySet<string> | undefined {
  const types = (includedEventTypes ?? []).map((type) => type.toLowerCase());
  return types.length === 0 || types.includes('all') ? undefined : new Set(types);
}

/** Compiles what a filter says beside the types: every condition must hold. */
export function compileFilter(filter: EventFilter): EventTest {
  const onArrays = filter.enableAdvancedFilteringOnArrays === true;
  const tests = [...subjectTests(filter), ...(filter.advancedFilters ?? []).map((advanced) => compileAdvanced(advanced, onArrays))];
  return (event) => tests.every((test) => test(event));
}

/** The cheap conditions, which come first. */
function* subjectTests({ subjectBeginsWith, subjectEndsWith, isSubjectCaseSensitive }: EventFilter): Generator<EventTest> {
  const fold = (text: string): string => (isSubjectCaseSensitive === true ? text : foldedOf(text).text);
  const begin = fold(subjectBeginsWith ?? '');
  const end = fold(subjectEndsWith ?? '');
  if (begin === '' && end === '') return;
  yield ({ subject }) => {
    const folded = fold(subject);
    return folded.startsWith(begin) && folded.endsWith(end);
  };
}
