export interface TextMessage {
  readonly kind: 'text';
  readonly id: string;
  /** Epoch milliseconds as text; grows with each edit and with the deletion. */
  readonly version: string;
  readonly senderId: string;
  readonly senderName: string;
  /** Empty once deleted. */
  readonly text: string;
  readonly isHtml: boolean;
  readonly createdOn: Date;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Members were added or removed, or the thread was named; written by the server itself. */
export interface SystemMessage {
  readonly kind: 'system';
  readonly id: string;
  readonly version: string;
  readonly createdOn: Date;
  readonly change: 'added' | 'removed' | 'topic';
  readonly initiatorId: string | undefined;
  readonly participantIds: readonly string[];
  readonly topic: string;
}

export type Message = TextMessage | SystemMessage;

/**
 * Joins what is shown with what came in, from history and events in any order: one entry per id, the highest version wins, oldest first.
 * Message ids are arrival times in milliseconds and rise within a thread, so they are the order.
 */
export function mergeMessages(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const old = byId.get(message.id);
    if (!old || Number(message.version) >= Number(old.version)) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => Number(a.id) - Number(b.id));
}

/** The line shown for a system message, e.g. "Alice added Bob". */
export function describeChange(message: SystemMessage, nameOf: (id: string) => string): string {
  const initiator = message.initiatorId === undefined ? undefined : nameOf(message.initiatorId);
  if (message.change === 'topic') return `${initiator ?? 'Somebody'} named the thread “${message.topic}”`;
  const others = message.participantIds.filter((id) => id !== message.initiatorId);
  const includesInitiator = others.length < message.participantIds.length;
  const names = new Intl.ListFormat('en').format(message.participantIds.map(nameOf));
  if (message.change === 'added') return includesInitiator || !initiator ? `${names} joined` : `${initiator} added ${names}`;
  return includesInitiator || !initiator ? `${names} left` : `${initiator} removed ${names}`;
}

/** Shows html messages as text: a parsed document that is never attached runs and loads nothing. */
export function htmlToText(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent;
}
