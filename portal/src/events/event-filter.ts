/** What the list is narrowed to, as the address bar has it; empty texts do not matter. */
export interface EventFilter {
  /** Whole type, the prefix may be left out. */
  readonly type: string;
  readonly subscription: string;
  /** Of a delivery. */
  readonly state: string;
  /** Part of subject or data, or between slashes a pattern. */
  readonly match: string;
}

const NAMES = ['type', 'subscription', 'state', 'match'] as const;

/** Reads the filter from the address bar's query. */
export function filterOf(query: URLSearchParams): EventFilter {
  // Every name of the filter is among the names.
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) as Record<(typeof NAMES)[number], string>;
}

/** The filter's part of the address bar's query. */
export function parametersOf(filter: EventFilter): Record<string, string | undefined> {
  return Object.fromEntries(NAMES.map((name) => [name, filter[name]]));
}

/** The filter as `GET /admin/events` takes it. */
export function queryOf(filter: EventFilter): Record<string, string> {
  const given = NAMES.map((name) => [name, filter[name].trim()] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

export function isFiltered(filter: EventFilter): boolean {
  return NAMES.some((name) => filter[name].trim() !== '');
}
