/** What happened, as a feature tells it. */
export interface NewEvent {
  /** Path-like name of what it is about, as the catalogue of ACS events writes it. */
  readonly subject: string;
  readonly data: unknown;
  readonly atMs: number;
}

/** Something that features publish: events of one type about one fact. */
export interface Publication {
  /** Id of the resource or custom topic. */
  readonly sourceId: string;
  readonly type: string;
  /** Makes the events: when somebody subscribed to them, and whenever the log is read. Always gives the same. */
  readonly make: () => readonly NewEvent[];
  /** How many they are, about (1). */
  readonly count?: number;
  /** About how much memory `make` holds on to. Left out by those who publish no more than some hundred bytes. */
  readonly bytes?: number;
}

/** An event as it is queued, logged and delivered. Plain data, stored as JSON: never rename a member. */
export interface Event {
  /** As its maker chose it: publishers may give several events the same. */
  readonly id: string;
  /** Of this event alone, where `id` was a publisher's choice. */
  readonly key?: string;
  /** ARM id of the source. */
  readonly topic: string;
  readonly type: string;
  readonly subject: string;
  readonly data: unknown;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** The same as a publisher wrote it, which may be more precise. */
  readonly time?: string;
  readonly dataVersion: string;
  /** Every attribute of an event that was published as CloudEvents, `data_base64` included and `data` left out. */
  readonly cloud?: Readonly<Record<string, unknown>>;
  /** Published in a schema of the publisher's own: `data` is the whole of it. */
  readonly isCustom?: true;
}
