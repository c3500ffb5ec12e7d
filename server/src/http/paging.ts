export interface PageLink {
  readonly origin: string;
  readonly path: string;
  readonly apiVersion: string;
  /** Parameters of the request that the next page needs too; undefined ones are left out. */
  readonly query: Readonly<Record<string, string | number | undefined>>;
  /** Where the next page begins: an opaque key, never an offset. */
  readonly syncState: string;
}

/** The absolute address of the next page. The client calls it as it is, with its token. */
export function nextLink(link: PageLink): string {
  const query = new URLSearchParams({ syncState: link.syncState });
  for (const [name, value] of Object.entries(link.query)) if (value !== undefined) query.set(name, String(value));
  query.set('api-version', link.apiVersion);
  return `${link.origin}${link.path}?${query.toString()}`;
}
