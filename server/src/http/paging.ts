import { httpErrors } from './errors.ts';

interface PageLink {
  readonly origin: string;
  readonly path: string;
  /** Empty for operations without versions. */
  readonly apiVersion: string;
  /** Parameters of the request that the next page needs too; undefined ones are left out. */
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Where the next page begins: an opaque key, never an offset. */
  readonly syncState: string;
}

/** The absolute address of the next page. The client calls it as it is, with its token. */
export function nextLink(link: PageLink): string {
  const query = new URLSearchParams({ syncState: link.syncState });
  for (const [name, value] of Object.entries(link.query)) if (value !== undefined) query.set(name, String(value));
  if (link.apiVersion !== '') query.set('api-version', link.apiVersion);
  return `${link.origin}${link.path}?${query.toString()}`;
}

export interface Listing<T, W> {
  /** One more than fits the page, so that an empty last page is never announced. */
  readonly found: readonly T[];
  readonly limit: number;
  readonly path: string;
  /** Where the page after this item begins. */
  keyOf(item: T): string;
  show(item: T): W;
}

/** One page with the link to the next, if there is one. */
export function page<T, W>(
  call: Pick<PageLink, 'origin' | 'apiVersion' | 'query'>,
  listing: Listing<T, W>,
): { value: W[]; nextLink?: string } {
  const { found, limit, path } = listing;
  const shown = found.slice(0, limit);
  const value = shown.map((item) => listing.show(item));
  const last = shown.at(-1);
  if (found.length <= limit || last === undefined) return { value };
  const { origin, apiVersion, query } = call;
  return { value, nextLink: nextLink({ origin, apiVersion, path, query, syncState: listing.keyOf(last) }) };
}

/** The numeric key in a `syncState`; beyond every key when there is none. @throws ApiError 400 */
export function syncNumber(syncState: string | undefined): number {
  if (syncState === undefined) return Number.MAX_SAFE_INTEGER;
  const value = /^\d{1,16}$/.test(syncState) ? Number(syncState) : NaN;
  if (!Number.isSafeInteger(value)) throw httpErrors.invalid('syncState', 'is not one of ours: follow nextLink as it is');
  return value;
}
