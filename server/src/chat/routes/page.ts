import { nextLink, type VerifiedToken } from '../../http/index.ts';
import { chatErrors } from '../errors.ts';
import { parseTime } from '../time.ts';

/** The parts of a listing call that its next page needs too. */
export interface ListingCall {
  readonly origin: string;
  readonly apiVersion: string;
  readonly query: { readonly maxPageSize?: number; readonly startTime?: string; readonly syncState?: string };
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
export function page<T, W>(call: ListingCall, listing: Listing<T, W>): { value: W[]; nextLink?: string } {
  const { found, limit, path } = listing;
  const shown = found.slice(0, limit);
  const value = shown.map((item) => listing.show(item));
  const last = shown.at(-1);
  if (found.length <= limit || last === undefined) return { value };
  const { maxPageSize, startTime } = call.query;
  return { value, nextLink: nextLink({ ...call, path, query: { maxPageSize, startTime }, syncState: listing.keyOf(last) }) };
}

/** One page of a list that is held whole, sorted by a text key: first `skip` items are left out, then pages follow one another by key. */
export function keyedPage<T, W>(
  call: ListingCall & { readonly query: { readonly skip?: number } },
  listing: Omit<Listing<T, W>, 'found'> & { readonly all: readonly T[] },
): { value: W[]; nextLink?: string } {
  const { skip = 0, syncState = '' } = call.query;
  const found = listing.all.slice(skip).filter((item) => listing.keyOf(item) > syncState);
  return page(call, { ...listing, found: found.slice(0, listing.limit + 1) });
}

/** Larger pages than the limit are cut to it, as the service does. */
export function pageSize(wanted: number | undefined, { resource }: Pick<VerifiedToken, 'resource'>): number {
  const most = resource.limits.value('chat.page-size');
  return Math.min(wanted ?? most, most);
}

/** @throws ApiError 400 naming startTime */
export function since(startTime: string | undefined): number {
  return startTime === undefined ? 0 : parseTime(startTime, 'startTime');
}

/** The numeric key in a `syncState`; beyond every key when there is none. @throws ApiError 400 */
export function syncNumber(syncState: string | undefined): number {
  if (syncState === undefined) return Number.MAX_SAFE_INTEGER;
  const value = /^\d{1,16}$/.test(syncState) ? Number(syncState) : NaN;
  if (!Number.isSafeInteger(value)) throw chatErrors.invalid('syncState', 'is not one of ours: follow nextLink as it is');
  return value;
}

export function threadPath(threadId: string): string {
  return `/chat/threads/${encodeURIComponent(threadId)}`;
}

/** Address of a thread in `Location`, with only the colon encoded, as the service writes it. */
export function threadLocation(origin: string, threadId: string): string {
  return `${origin}/chat/threads/${threadId.replace(':', '%3A')}`;
}
