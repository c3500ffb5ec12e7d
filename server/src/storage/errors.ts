/** A state that cannot be saved or restored. */
export class SnapshotError extends Error {
  readonly reason: 'unknown' | 'damaged' | 'other-schema' | 'not-permitted';

  constructor(reason: SnapshotError['reason'], cause?: unknown) {
    super(`snapshot: ${reason}`, { cause });
    this.name = 'SnapshotError';
    this.reason = reason;
  }
}

/**
 * The database cannot take the write now: disk full, connection lost. Nothing of it was stored and trying again is safe,
 * except for `outcome-unknown`: the connection broke during the commit.
 */
export class UnavailableError extends Error {
  readonly reason: 'disk-full' | 'connection-lost' | 'busy' | 'closed' | 'outcome-unknown';

  constructor(reason: UnavailableError['reason'], cause?: unknown) {
    super(`storage is unavailable: ${reason}`, { cause });
    this.name = 'UnavailableError';
    this.reason = reason;
  }
}
