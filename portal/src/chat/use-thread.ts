import { useCallback, useEffect, useState } from 'react';
import { AdminApiError } from '../admin-api.ts';
import type { AdminApi } from '../admin-api.ts';
import type { ChatApi, Thread, WireMessage } from './chat-api.ts';
import { withNewest, withOlder } from './message-window.ts';
import type { MessageWindow } from './message-window.ts';
import { useChanges } from './use-changes.ts';

export interface ThreadState {
  /** Undefined until the first answer. */
  readonly thread: Thread | undefined;
  readonly window: MessageWindow | undefined;
  readonly problem: string | undefined;
  /** Asks again at once, after a change of ours. */
  readonly refresh: () => void;
  /** Loads the page before the oldest message shown. */
  readonly loadOlder: () => Promise<void>;
}

interface Loaded {
  readonly of: string;
  readonly thread: Thread | undefined;
  readonly window: MessageWindow | undefined;
  readonly problem: string | undefined;
}

/** One thread with its newest messages, kept up to date. */
export function useThread(api: AdminApi, chat: ChatApi, threadId: string): ThreadState {
  const key = `${chat.resource} ${threadId}`;
  const nothing: Loaded = { of: key, thread: undefined, window: undefined, problem: undefined };
  const [loaded, setLoaded] = useState(nothing);
  const [round, setRound] = useState(0);
  const changes = useChanges(api, threadId);
  const current = loaded.of === key ? loaded : nothing;

  useEffect(() => {
    const closed = new AbortController();
    const { signal } = closed;
    Promise.all([chat.thread(threadId, signal), chat.messages(threadId, signal)]).then(
      ([thread, page]) =>
        setLoaded((last) => ({ of: key, thread, window: withNewest(last.of === key ? last.window : undefined, page), problem: undefined })),
      (error: unknown) => {
        if (signal.aborted) return;
        const problem = error instanceof Error ? error.message : String(error);
        const isGone = error instanceof AdminApiError && error.status === 404;
        setLoaded((last) =>
          last.of === key && !isGone ? { ...last, problem } : { of: key, thread: undefined, window: undefined, problem },
        );
      },
    );
    return () => closed.abort();
  }, [chat, threadId, key, round, changes]);

  const older = current.window?.older;
  return {
    ...current,
    refresh: useCallback(() => setRound((count) => count + 1), []),
    loadOlder: useCallback(async () => {
      if (older === undefined) return;
      const page = await chat.next<WireMessage>(older);
      setLoaded((last) => (last.of === key && last.window?.older === older ? { ...last, window: withOlder(last.window, page) } : last));
    }, [chat, key, older]),
  };
}
