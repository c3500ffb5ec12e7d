import { armErrors } from './errors.ts';
import { nameFilter } from './name-filter.ts';

interface ListCall {
  readonly origin: string;
  readonly query: {
    readonly 'api-version'?: string;
    readonly $filter?: string;
    readonly $top?: number;
    readonly $skipToken?: string;
  };
}

interface Item {
  readonly id: string;
  readonly name: string;
}

/** Items of a page where the caller names no number, as the resource provider has it. */
const PAGE_ITEMS = 20;

/** A page of what passes the filter, in the order of ids, and the way to the next. @param path of the list itself */
export function armPage<T extends Item>({ origin, query }: ListCall, path: string, items: readonly T[]): { value: T[]; nextLink?: string } {
  const { $filter, $top = PAGE_ITEMS, $skipToken } = query;
  const test = nameFilter($filter);
  const after = $skipToken === undefined ? '' : idIn($skipToken);
  const found = items.filter(({ id, name }) => test(name) && id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  const value = found.slice(0, $top);
  const last = value.at(-1);
  if (last === undefined || found.length <= $top) return { value };
  const next = new URLSearchParams({
    'api-version': query['api-version'] ?? '',
    ...($filter === undefined ? {} : { $filter }),
    $top: String($top),
    $skipToken: Buffer.from(last.id).toString('base64url'),
  });
  return { value, nextLink: `${origin}${path}?${next.toString()}` };
}

function idIn(token: string): string {
  const id = Buffer.from(token, 'base64url').toString('utf8');
  if (!id.startsWith('/')) throw armErrors.badSkipToken();
  return id;
}
