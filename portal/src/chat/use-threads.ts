import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ChatApi, Page, ThreadItem } from './chat-api.ts';

const refreshMs = 4_000;
/** A search reads on by itself until it has found as many, or has looked at so many threads. */
const enoughFound = 20;
const searchedAtMost = 1_000;

export interface ThreadsView {
  /** Newest first; undefined until the first answer. */
  readonly threads: readonly ThreadItem[] | undefined;
  /** How many were looked at for a search. */
  readonly loaded: number;
  readonly hasMore: boolean;
  readonly problem: string | undefined;
  readonly loadMore: () => void;
  readonly refresh: () => void;
}

export interface ThreadsQuery {
  readonly deleted: boolean;
  readonly user: string;
  /** Part of a topic or id; empty for all. */
  readonly search: string;
}

interface Loaded {
  readonly of: string;
  readonly threads: readonly ThreadItem[];
  readonly nextLink: string | undefined;
}

/** Threads of a resource, page by page; new ones come by themselves. */
export function useThreads(chat: ChatApi, { deleted, user, search }: ThreadsQuery): ThreadsView {
  const key = `${chat.resource} ${deleted} ${user}`;
  const [loaded, setLoaded] = useState<Loaded>();
  const [problem, setProblem] = useState<string>();
  const [wanted, setWanted] = useState<string>();
  const [round, setRound] = useState(0);
  const current = loaded?.of === key ? loaded : undefined;
  const fail = (error: unknown): void => setProblem(error instanceof Error ? error.message : String(error));

  useEffect(() => {
    const closed = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const page = await chat.threads({ deleted, user }, closed.signal);
        setLoaded((last) => withNewest(last?.of === key ? last : undefined, page, key));
        setProblem(undefined);
      } catch (error) {
        if (!closed.signal.aborted) fail(error);
      }
    };
    void load();
    const timer = setInterval(() => void load(), refreshMs);
    return () => {
      clearInterval(timer);
      closed.abort();
    };
  }, [chat, deleted, user, key, round]);

  useEffect(() => {
    if (wanted === undefined) return undefined;
    const closed = new AbortController();
    chat.next<ThreadItem>(wanted, closed.signal).then(
      (page) => setLoaded((last) => (last?.nextLink === wanted ? { ...last, ...appended(last.threads, page) } : last)),
      (error: unknown) => {
        if (!closed.signal.aborted) fail(error);
      },
    );
    return () => closed.abort();
  }, [chat, wanted]);

  const found = useMemo(() => matching(current?.threads, search), [current?.threads, search]);
  const nextLink = current?.nextLink;
  if (current !== undefined && nextLink !== wanted && searchesOn({ search, found: found?.length ?? 0, looked: current.threads.length })) {
    setWanted(nextLink);
  }
  return {
    threads: found,
    loaded: current?.threads.length ?? 0,
    hasMore: nextLink !== undefined,
    problem,
    loadMore: useCallback(() => setWanted(nextLink), [nextLink]),
    refresh: useCallback(() => setRound((count) => count + 1), []),
  };
}

function searchesOn({ search, found, looked }: { readonly search: string; readonly found: number; readonly looked: number }): boolean {
  return search.trim() !== '' && found < enoughFound && looked < searchedAtMost;
}

/** The first page again: what is newer comes in front, what it no longer has is gone. */
function withNewest(last: Loaded | undefined, page: Page<ThreadItem>, key: string): Loaded {
  const first = new Set(page.value.map(({ id }) => id));
  const oldest = page.value.at(-1)?.id;
  const at = last?.threads.findIndex(({ id }) => id === oldest) ?? -1;
  // Without the last thread of the page among those shown, nothing tells where the others belong.
  if (last === undefined || at === -1 || page.nextLink === undefined) return { of: key, threads: page.value, nextLink: page.nextLink };
  const rest = last.threads.slice(at + 1).filter(({ id }) => !first.has(id));
  return { of: key, threads: [...page.value, ...rest], nextLink: rest.length === 0 ? page.nextLink : last.nextLink };
}

function appended(threads: readonly ThreadItem[], { value, nextLink }: Page<ThreadItem>): Pick<Loaded, 'threads' | 'nextLink'> {
  const known = new Set(threads.map(({ id }) => id));
  return { threads: [...threads, ...value.filter(({ id }) => !known.has(id))], nextLink };
}

/** Threads whose topic or id holds a text, in any case. */
export function matching(threads: readonly ThreadItem[] | undefined, search: string): readonly ThreadItem[] | undefined {
  const sought = search.trim().toLowerCase();
  if (sought === '') return threads;
  return threads?.filter(({ topic, id }) => topic.toLowerCase().includes(sought) || id.toLowerCase().includes(sought));
}
