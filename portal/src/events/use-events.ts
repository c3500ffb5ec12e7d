import { useEffect, useMemo, useState } from 'react';
import { passed } from '../passed.ts';
import type { EventList, EventsApi, LoggedEvent } from './events-api.ts';

const shownAtMost = 200;
const waitSeconds = 25;
/** Between two answers, so that a busy server is asked now and then and not a thousand times a second. */
const calmMs = 500;
const retryMs = 2_000;

export interface EventsView {
  /** Newest first; undefined until the first answer. */
  readonly events: readonly LoggedEvent[] | undefined;
  /** There may be older ones. */
  readonly isCut: boolean;
  /** Why nothing new arrives. */
  readonly problem: string | undefined;
  /** Of the log, when it answered last. */
  readonly revision: number | undefined;
}

const nothing: EventsView = { events: undefined, isCut: false, problem: undefined, revision: undefined };

/** The last events that match a query of the admin API, and, unless paused, whatever becomes of them. */
export function useEvents(api: EventsApi, query: Readonly<Record<string, string>>, paused: boolean): EventsView {
  const key = JSON.stringify(query);
  const [view, setView] = useState({ ...nothing, key });
  useEffect(() => {
    if (paused) return undefined;
    const closed = new AbortController();
    void follow({
      api,
      query,
      signal: closed.signal,
      onList: ({ value, revision }) => setView({ key, events: value, isCut: value.length >= shownAtMost, problem: undefined, revision }),
      onProblem: (problem) => setView((last) => ({ ...(last.key === key ? last : nothing), key, problem })),
    });
    return () => closed.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key is the query, compared by what it says
  }, [api, key, paused]);
  return useMemo(() => (view.key === key ? view : nothing), [view, key]);
}

interface Following {
  readonly api: EventsApi;
  readonly query: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onList: (list: EventList) => void;
  readonly onProblem: (problem: string) => void;
}

async function follow({ api, query, signal, onList, onProblem }: Following): Promise<void> {
  let after: number | undefined;
  while (!signal.aborted) {
    const more: Record<string, string> = after === undefined ? {} : { after: String(after), wait: `${waitSeconds}s` };
    try {
      const list = await api.events({ ...query, limit: String(shownAtMost), ...more }, signal);
      // Whoever is away for a while, or paused, misses nothing: the whole list comes anew.
      if (list.revision !== after) onList(list);
      after = list.revision;
      await passed(calmMs, signal);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      after = undefined;
      onProblem(error instanceof Error ? error.message : String(error));
      await passed(retryMs, signal);
    }
  }
}
