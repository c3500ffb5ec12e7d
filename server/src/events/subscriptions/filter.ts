import type { EventFilter } from '@switchboard/contract';
import type { Event } from '../event.ts';

/** Whether an event of a wanted type passes the rest of a filter. */
export type EventTest = (event: Event) => boolean;

/** The event types that a filter names, in lower case; undefined for all of the source. */
export function typesOf({ includedEventTypes }: EventFilter): ReadonlySet<string> | undefined {
  const types = (includedEventTypes ?? []).map((type) => type.toLowerCase());
  return types.length === 0 || types.includes('all') ? undefined : new Set(types);
}

/** Compiles what a filter says beside the types. */
export function compileFilter(filter: EventFilter): EventTest {
  const folds = filter.isSubjectCaseSensitive !== true;
  const fold = (text: string): string => (folds ? text.toLowerCase() : text);
  const begin = fold(filter.subjectBeginsWith ?? '');
  const end = fold(filter.subjectEndsWith ?? '');
  if (begin === '' && end === '') return () => true;
  return ({ subject }) => {
    const folded = fold(subject);
    return folded.startsWith(begin) && folded.endsWith(end);
  };
}
