import { useCallback, useEffect, useReducer, useState } from 'react';
import type { Dispatch } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { toFailure } from '../failure.ts';
import { initialPageState, pageReducer } from './page-state.ts';
import type { PageAction, PageState } from './page-state.ts';
import { forgetSession, loadSession } from './saved-session.ts';
import type { SavedSession } from './saved-session.ts';
import { Session } from './session.ts';

/** A new object each time, so that asking again starts again. */
interface Plan {
  readonly saved: SavedSession | undefined;
}

export interface SessionControl {
  readonly state: PageState;
  readonly dispatch: Dispatch<PageAction>;
  /** Present once both users have the thread open. */
  readonly session: Session | undefined;
  /** Two new users in a new thread, whatever was before. */
  readonly start: () => void;
}

/** Owns the page's session: restores the tab's last one, starts new ones, and closes each when it is replaced or the page is left. */
export function useSession(api: AdminApi): SessionControl {
  const [state, dispatch] = useReducer(pageReducer, initialPageState);
  const [session, setSession] = useState<Session>();
  const [plan, setPlan] = useState<Plan | undefined>(() => {
    const saved = loadSession(Date.now());
    return saved && { saved };
  });
  useEffect(() => {
    if (!plan) return undefined;
    const closed = new AbortController();
    const act = (action: PageAction): void => {
      if (!closed.signal.aborted) dispatch(action);
    };
    open({ api, plan, act, closed: closed.signal }).then(setSession, (error: unknown) => {
      const failure = toFailure(error);
      // A refusal would come again after a reload; a server that is away may be back by then.
      if (failure.status !== undefined && failure.status < 500) forgetSession();
      act({ type: 'phase', phase: { name: 'failed', failure } });
    });
    return () => {
      closed.abort();
      setSession(undefined);
    };
  }, [api, plan]);
  const start = useCallback(() => {
    forgetSession();
    setPlan({ saved: undefined });
  }, []);
  return { state, dispatch, session, start };
}

interface OpenOptions {
  readonly api: AdminApi;
  readonly plan: Plan;
  readonly act: (action: PageAction) => void;
  readonly closed: AbortSignal;
}

async function open({ api, plan, act, closed }: OpenOptions): Promise<Session> {
  const step = (text: string): void => {
    closed.throwIfAborted();
    act({ type: 'phase', phase: { name: 'starting', step: text } });
  };
  step('Creating two users with access tokens');
  const session = plan.saved ? Session.restore(plan.saved, act) : await Session.create(api, act);
  closed.addEventListener('abort', () => void session.close());
  if (plan.saved) {
    // First, because a refused token or a lost thread is told plainly here, and only vaguely by the start of notifications.
    step('Opening the thread');
    await session.openThread(plan.saved.threadId);
  }
  step('Connecting both chat clients');
  await session.connect();
  if (!plan.saved) {
    step('Creating a thread');
    await session.newThread();
  }
  closed.throwIfAborted();
  act({ type: 'phase', phase: { name: 'running' } });
  return session;
}
