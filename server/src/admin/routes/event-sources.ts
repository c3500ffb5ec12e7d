import { eventErrors, type EventSource, type EventSources } from '../../events/index.ts';

const DEFAULT_SOURCE = 'local';

/** The source that a request names, or the default one. @throws ApiError 404 */
export function sourceNamed(sources: EventSources, name: string | null | undefined): EventSource {
  const found = sources.byName(name ?? DEFAULT_SOURCE);
  if (found === undefined) throw eventErrors.unknownSource(name ?? DEFAULT_SOURCE);
  return found;
}
