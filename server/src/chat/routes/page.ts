import { type Listing, page as pageOf, type VerifiedToken } from '../../http/index.ts';
import { parseTime } from '../time.ts';

/** The parts of a listing call that its next page needs too. */
export interface ListingCall {
  readonly origin: string;
  readonly apiVersion: string;
  readonly query: { readonly maxPageSize?: number; readonly startTime?: string; readonly syncState?: string };
}

/** One page with the link to the next, if there is one. */
export function page<T, W>(call: ListingCall, listing: Listing<T, W>): { value: W[]; nextLink?: string } {
  const { maxPageSize, startTime } = call.query;
  return pageOf({ ...call, query: { maxPageSize, startTime } }, listing);
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

export function threadPath(threadId: string): string {
  return `/chat/threads/${encodeURIComponent(threadId)}`;
}

/** Address of a thread in `Location`, with only the colon encoded, as the service writes it. */
export function threadLocation(origin: string, threadId: string): string {
  return `${origin}/chat/threads/${threadId.replace(':', '%3A')}`;
}
