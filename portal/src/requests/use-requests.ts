import { useEffect, useMemo, useRef, useState } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { passed } from '../passed.ts';
import { listRequests } from './requests-api.ts';
import type { RequestList, RequestRecord } from './requests-api.ts';

/** Rows shown at most; older ones give way. */
const shownAtMost = 500;
const pageSize = 200;
const waitSeconds = 25;
/** Between two answers, so that a busy server is asked a few times a second and not a thousand times. */
const calmMs = 400;
const retryMs = 2_000;

export interface RequestsView {
  /** Newest first; undefined until the first answer. */
  readonly records: readonly RequestRecord[] | undefined;
  /** Requests that came faster than they could be listed. */
  readonly leftOut: number;
  /** Why nothing new arrives. */
  readonly problem: string | undefined;
}

const nothing: RequestsView = { records: undefined, leftOut: 0, problem: undefined };

/** The last requests that match a query of the admin API, and, unless paused, those that come. */
export function useRequests(api: AdminApi, query: Readonly<Record<string, string>>, paused: boolean): RequestsView {
  const key = JSON.stringify(query);
  const [view, setView] = useState({ ...nothing, key });
  const newest = useRef<{ key: string; id: string | undefined }>({ key, id: undefined });
  useEffect(() => {
    if (paused) return undefined;
    const closed = new AbortController();
    if (newest.current.key !== key) newest.current = { key, id: undefined };
    void follow({
      api,
      query,
      after: newest.current.id,
      signal: closed.signal,
      onList: (list) => {
        newest.current = { key, id: list.value[0]?.id ?? newest.current.id };
        setView((last) => ({ ...merge(last.key === key ? last : nothing, list), key }));
      },
      onProblem: (problem) => setView((last) => ({ ...(last.key === key ? last : nothing), key, problem })),
    });
    return () => closed.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key is the query, compared by what it says
  }, [api, key, paused]);
  return useMemo(() => (view.key === key ? view : nothing), [view, key]);
}

interface Following {
  readonly api: AdminApi;
  readonly query: Readonly<Record<string, string>>;
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  readonly onList: (list: RequestList) => void;
  readonly onProblem: (problem: string) => void;
}

async function follow({ api, query, after, signal, onList, onProblem }: Following): Promise<void> {
  let newest = after;
  let hasAnswer = after !== undefined;
  while (!signal.aborted) {
    const more = { ...(hasAnswer ? { wait: `${waitSeconds}s` } : {}), ...(newest === undefined ? {} : { after: newest }) };
    try {
      const list = await listRequests(api, { ...query, limit: String(pageSize), ...more }, signal);
      newest = list.value[0]?.id ?? newest;
      hasAnswer = true;
      onList(list);
      await passed(calmMs, signal);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      onProblem(error instanceof Error ? error.message : String(error));
      await passed(retryMs, signal);
    }
  }
}

/** After a restart or a reset the server may list again what is shown already. */
function merge(view: RequestsView, { value, leftOut }: RequestList): RequestsView {
  const known = new Set(view.records?.map(({ id }) => id));
  const records = [...value.filter(({ id }) => !known.has(id)), ...(view.records ?? [])].slice(0, shownAtMost);
  return { records, leftOut: view.leftOut + leftOut, problem: undefined };
}
