import { useEffect, useState } from 'react';
import { AdminApiError } from './admin-api.ts';
import type { AdminApi, ServerStatus } from './admin-api.ts';

const pollIntervalMs = 5000;

/** What is known about the server; `status` is the last answer, also while the server is away. */
export interface ServerView {
  readonly reachable: boolean | undefined;
  readonly status: ServerStatus | undefined;
}

/**
 * Asks for the server's status now and every five seconds.
 * @param onRefused called when the server no longer takes the admin key
 */
export function useStatus(api: AdminApi, onRefused: () => void): ServerView {
  const [view, setView] = useState<ServerView>({ reachable: undefined, status: undefined });
  useEffect(() => {
    const closed = new AbortController();
    const poll = async (): Promise<void> => {
      try {
        const status = await api.status(closed.signal);
        setView({ reachable: true, status });
      } catch (error) {
        if (closed.signal.aborted) return;
        if (error instanceof AdminApiError && error.status === 401) onRefused();
        else setView((last) => ({ ...last, reachable: false }));
      }
    };
    void poll();
    const timer = setInterval(() => void poll(), pollIntervalMs);
    return () => {
      closed.abort();
      clearInterval(timer);
    };
  }, [api, onRefused]);
  return view;
}
