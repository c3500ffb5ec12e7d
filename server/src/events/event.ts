/** What happened, as a feature tells it. */
export interface NewEvent {
  /** Path-like name of what it is about, as the catalogue of ACS events writes it. */
  readonly subject: string;
  readonly data: unknown;
  readonly atMs: number;
}

/** An event as it is queued, logged and delivered. Plain data, stored as JSON: never rename a member. */
export interface Event {
  readonly id: string;
  /** ARM id of the source. */
  readonly topic: string;
  readonly type: string;
  readonly subject: string;
  readonly data: unknown;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly dataVersion: string;
}
