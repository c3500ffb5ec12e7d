import { useCallback, useState } from 'react';
import { toFailure } from './failure.ts';
import type { Failure } from './failure.ts';

export interface Attempts {
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** Runs a call and keeps what went wrong. @returns whether it went well */
  readonly attempt: (call: () => Promise<unknown>) => Promise<boolean>;
  readonly dismiss: () => void;
}

/** Calls that may fail, one at a time, and what went wrong with the last one. */
export function useAttempt(): Attempts {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const attempt = useCallback(async (call: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await call();
      return true;
    } catch (error) {
      setFailure(toFailure(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, failure, attempt, dismiss: useCallback(() => setFailure(undefined), []) };
}
