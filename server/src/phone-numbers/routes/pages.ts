import { versioned } from './wire.ts';

const DEFAULT_PAGE = 100;
const MOST_A_PAGE = 1_000;

/** How many items a page may have. */
export function pageSize(wanted: number | undefined): number {
  return Math.min(wanted ?? DEFAULT_PAGE, MOST_A_PAGE);
}

/** The relative link to a further page: the query as it was, but for what says where the page begins. */
export function pageLink(path: string, apiVersion: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && name !== 'api-version') parameters.set(name, String(value));
  return `${versioned(path, apiVersion)}&${parameters.toString()}`;
}

interface ListQuery {
  readonly skip?: number;
  readonly maxPageSize?: number;
}

/** A page of a list that is held in memory, with the link to the next. */
export function pageOf<T>(
  all: readonly T[],
  { path, apiVersion, query }: { readonly path: string; readonly apiVersion: string; readonly query: ListQuery },
): { readonly items: T[]; readonly link: { readonly nextLink?: string } } {
  const { skip = 0, maxPageSize } = query;
  const end = skip + pageSize(maxPageSize);
  const items = all.slice(skip, end);
  if (end >= all.length) return { items, link: {} };
  return { items, link: { nextLink: pageLink(path, apiVersion, { ...query, maxPageSize: end - skip, skip: end }) } };
}
