import { UnavailableError } from '../errors.ts';

export interface Verdict {
  /** The same transaction may succeed when it is run again. */
  readonly retry: boolean;
  /** The connection is gone. */
  readonly lost: boolean;
  /** What the caller should see. */
  readonly error: unknown;
}

const RETRYABLE = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

/** SQLSTATE classes, PostgreSQL manual appendix A. */
export function classify(error: unknown): Verdict {
  if (error instanceof UnavailableError) return { retry: false, lost: false, error };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) {
    const lost = error instanceof Error && /connection terminated|not queryable|timeout exceeded/i.test(error.message);
    return { retry: false, lost, error: lost ? new UnavailableError('connection-lost', error) : error };
  }
  if (RETRYABLE.has(code)) return { retry: true, lost: false, error: new UnavailableError('busy', error) };
  if (code === '53100') return { retry: false, lost: false, error: new UnavailableError('disk-full', error) };
  if (code.startsWith('08') || code.startsWith('57P') || code.startsWith('53') || !/^[0-9A-Z]{5}$/.test(code)) {
    return { retry: false, lost: true, error: new UnavailableError('connection-lost', error) };
  }
  return { retry: false, lost: false, error };
}
