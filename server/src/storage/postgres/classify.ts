import pg from 'pg';
import { UnavailableError } from '../errors.ts';

export interface Verdict {
  /** The same transaction may succeed when it is run again. */
  readonly retry: boolean;
  /** The connection is gone. */
  readonly lost: boolean;
  /** What the caller should see. */
  readonly error: unknown;
}

/** SQLSTATE, PostgreSQL manual appendix A. */
const RETRYABLE = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);
const DISK_FULL = '53100';
/** Connection exceptions, too many connections or out of memory, shut down by an administrator. */
const LOST = /^(?:08|53|57P)/;

/** Tells the database's and the network's failures from what a unit of work throws by itself. */
export function classify(error: unknown): Verdict {
  if (error instanceof pg.DatabaseError) return classifyState(error, error.code ?? '');
  if (isNetworkFailure(error)) return { retry: false, lost: true, error: new UnavailableError('connection-lost', error) };
  return { retry: false, lost: false, error };
}

function classifyState(error: pg.DatabaseError, state: string): Verdict {
  if (RETRYABLE.has(state)) return { retry: true, lost: false, error: new UnavailableError('busy', error) };
  if (state === DISK_FULL) return { retry: false, lost: false, error: new UnavailableError('disk-full', error) };
  if (LOST.test(state)) return { retry: false, lost: true, error: new UnavailableError('connection-lost', error) };
  return { retry: false, lost: false, error };
}

/** Errors of system calls carry `syscall`; those of the driver itself have nothing but their text. */
function isNetworkFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'syscall' in error || /^(?:Connection terminated|Client (?:has encountered a connection error|was closed))/.test(error.message);
}
