/** What the list is narrowed to, as the address bar has it; empty texts do not matter. */
export interface RequestFilter {
  readonly path: string;
  readonly method: string;
  /** `refused`, or what the admin API takes: `4xx`, `101`. */
  readonly status: string;
  readonly caller: string;
  readonly operation: string;
  readonly resource: string;
  readonly rule: string;
  /** Also the admin API's own requests, and the portal's. */
  readonly admin: boolean;
}

const TEXTS = ['path', 'method', 'status', 'caller', 'operation', 'resource', 'rule'] as const;

/** Reads the filter from the address bar's query. */
export function filterOf(query: URLSearchParams): RequestFilter {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, query.get(name) ?? '']));
  // Every name of the filter is among the texts, except for the last.
  return { ...(texts as Record<(typeof TEXTS)[number], string>), admin: query.get('admin') === 'true' };
}

/** The filter's part of the address bar's query. */
export function parametersOf(filter: RequestFilter): Record<string, string | undefined> {
  return { ...Object.fromEntries(TEXTS.map((name) => [name, filter[name]])), admin: filter.admin ? 'true' : undefined };
}

/** The filter as `GET /admin/requests` takes it. */
export function queryOf({ admin, status, ...texts }: RequestFilter): Record<string, string> {
  const given = Object.entries(texts).filter(([, value]) => value.trim() !== '');
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, value.trim()])),
    ...(status === 'refused' ? { refused: 'true' } : status === '' ? {} : { status }),
    admin: String(admin),
  };
}

export function isFiltered(filter: RequestFilter): boolean {
  return TEXTS.some((name) => filter[name].trim() !== '');
}
