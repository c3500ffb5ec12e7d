import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer } from '../use-answer.ts';
import { passed } from '../passed.ts';

const eachMs = 3_000;

/**
 * A short list that is asked for now and then, and at once by `refresh`. What was answered stays until the next answer.
 *
 * @param ask keep it the same between renders (`useCallback`)
 */
export function useListed<T>(ask: (signal: AbortSignal) => Promise<T>): Answer<T> & { readonly refresh: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, problem: undefined });
  const [round, setRound] = useState(0);
  const shown = useRef('');
  useEffect(() => {
    const closed = new AbortController();
    const show = (next: Answer<T>): void => {
      const text = JSON.stringify(next);
      if (closed.signal.aborted || text === shown.current) return;
      shown.current = text;
      setAnswer(next);
    };
    const poll = async (): Promise<void> => {
      while (!closed.signal.aborted) {
        await ask(closed.signal).then(
          (value) => show({ value, problem: undefined }),
          (error: unknown) => show({ value: undefined, problem: error instanceof Error ? error.message : String(error) }),
        );
        await passed(eachMs, closed.signal);
      }
    };
    void poll();
    return () => closed.abort();
  }, [ask, round]);
  return { ...answer, refresh: useCallback(() => setRound((last) => last + 1), []) };
}
