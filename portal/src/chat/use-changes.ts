import { useEffect, useState } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { listRequests } from '../requests/requests-api.ts';

const waitSeconds = 25;
const calmMs = 700;
const retryMs = 3_000;
/** What nobody asked for over HTTP (expiry, purge, presence) shows after this time. */
const slowMs = 5_000;

/**
 * Grows whenever something may have changed about a thread: at once when a request named it, and every few seconds.
 * Browsers slow the timers of hidden tabs down by themselves.
 */
export function useChanges(api: AdminApi, threadId: string): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const closed = new AbortController();
    const changed = (): void => setChanges((count) => count + 1);
    const timer = setInterval(changed, slowMs);
    void watch({ api, threadId, signal: closed.signal, changed });
    return () => {
      clearInterval(timer);
      closed.abort();
    };
  }, [api, threadId]);
  return changes;
}

interface Watch {
  readonly api: AdminApi;
  readonly threadId: string;
  readonly signal: AbortSignal;
  readonly changed: () => void;
}

async function watch({ api, threadId, signal, changed }: Watch): Promise<void> {
  let newest: string | undefined;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const more = { ...(isFirst ? {} : { wait: `${waitSeconds}s` }), ...(newest === undefined ? {} : { after: newest }) };
    try {
      const { value } = await listRequests(api, { path: threadId, limit: '1', ...more }, signal);
      if (value[0] !== undefined && !isFirst) changed();
      newest = value[0]?.id ?? newest;
      await passed(calmMs);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      await passed(retryMs);
    }
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
