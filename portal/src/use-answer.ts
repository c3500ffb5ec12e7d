import { useEffect, useState } from 'react';

export interface Answer<T> {
  readonly value: T | undefined;
  readonly problem: string | undefined;
}

/**
 * Asks once for each `ask`; a new one forgets the last answer.
 *
 * @param ask keep it the same between renders (`useCallback`); undefined asks for nothing
 */
export function useAnswer<T>(ask: ((signal: AbortSignal) => Promise<T>) | undefined): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly of: typeof ask }>({ of: undefined, value: undefined, problem: undefined });
  useEffect(() => {
    if (ask === undefined) return undefined;
    const closed = new AbortController();
    ask(closed.signal).then(
      (value) => setAnswer({ of: ask, value, problem: undefined }),
      (error: unknown) => {
        if (closed.signal.aborted) return;
        setAnswer({ of: ask, value: undefined, problem: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => closed.abort();
  }, [ask]);
  return answer.of === ask ? answer : { value: undefined, problem: undefined };
}
