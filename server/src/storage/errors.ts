/** The database cannot take the write now: disk full, connection lost. Nothing of it was stored; trying again is safe. */
export class UnavailableError extends Error {
  readonly reason: 'disk-full' | 'connection-lost' | 'busy' | 'closed';

  constructor(reason: UnavailableError['reason'], cause?: unknown) {
    super(`storage is unavailable: ${reason}`, { cause });
    this.name = 'UnavailableError';
    this.reason = reason;
  }
}
