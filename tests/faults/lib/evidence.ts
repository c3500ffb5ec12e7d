import type { History } from './history.ts';

/** A message as the API lists it. */
export interface ReadMessage {
  readonly id: string;
  readonly type: string;
  readonly sequenceId: string;
  readonly version: string;
  readonly text: string | undefined;
  readonly isDeleted?: boolean;
}

/** All of a thread as one reader paged through it. */
export interface Reading {
  readonly reader: string;
  readonly threadId: string;
  /** Moment of the history at which the reader began. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** As listed: newest first. */
  readonly messages: readonly ReadMessage[];
}

export interface PushedMessage {
  readonly threadId: string;
  readonly id: string;
  readonly text: string;
}

/** That a message was changed, as one user was told. */
export interface PushedChange extends PushedMessage {
  readonly kind: 'edited' | 'deleted';
}

/** Who is in a thread, and who has read how far, as it was listed in the end. */
export interface Roster {
  readonly threadId: string;
  readonly takenAt: number;
  readonly participants: readonly string[];
  readonly receipts: readonly { readonly user: string; readonly messageId: string }[];
}

/** What one user came to know without reading everything. */
export interface Hearing {
  readonly user: string;
  /** By connection, in order of arrival. */
  readonly pushed: readonly (readonly PushedMessage[])[];
  /** Listed after a lost connection, from the last message heard on. */
  readonly resumed: readonly PushedMessage[];
  readonly changes: readonly PushedChange[];
}

export interface Evidence {
  readonly history: History;
  /** Of each thread at least one; the last one of a thread is the final state. */
  readonly readings: readonly Reading[];
  readonly hearings: readonly Hearing[];
  readonly rosters: readonly Roster[];
  /** Raw ids of everybody in the world. */
  readonly users: readonly string[];
  /** Thread → its members before anybody was added or removed. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** After a graceful stop everything stored was also answered. */
  readonly unknownIsNotStored?: boolean;
}

export type ViolationKind =
  | 'lost'
  | 'twice'
  | 'changed'
  | 'refused but stored'
  | 'stored but not answered'
  | 'nobody sent it'
  | 'other id than answered'
  | 'readers differ'
  | 'id does not rise'
  | 'gap in sequence'
  | 'order against time'
  | 'push missing'
  | 'push out of order'
  | 'push to a stranger'
  | 'access after its end'
  | 'edit lost'
  | 'nobody deleted it'
  | 'deleted came back'
  | 'member lost'
  | 'member came back'
  | 'receipt lost'
  | 'receipt twice'
  | 'nobody sent the receipt';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

/** Whether the text begins as one of the sent ones does: sender and number. */
export function isLike(text: string | undefined, history: History): boolean {
  const start = text?.split(' ', 2).join(' ');
  const isOf = (body: string): boolean => body.startsWith(`${start} `);
  return (
    start !== undefined &&
    (history.sends.some(({ body }) => isOf(body)) || history.deeds.all.some((deed) => deed.kind === 'edit' && isOf(deed.body)))
  );
}

/** A message, short enough for a line of a report. */
export function show({ id, text }: { readonly id?: string | undefined; readonly text?: string | undefined }): string {
  return `${id ?? ''} ${JSON.stringify(text?.slice(0, 90))}`;
}
