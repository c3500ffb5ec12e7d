import type { EndOfAccess, History, Send } from './history.ts';

/** A message as the API lists it. */
export interface ReadMessage {
  readonly id: string;
  readonly type: string;
  readonly sequenceId: string;
  readonly version: string;
  readonly text: string | undefined;
}

/** All of a thread as one reader paged through it. */
export interface Reading {
  readonly reader: string;
  readonly threadId: string;
  /** Moment of the history at which the reader began. */
  readonly startedAt: number;
  /** As listed: newest first. */
  readonly messages: readonly ReadMessage[];
}

export interface PushedMessage {
  readonly threadId: string;
  readonly id: string;
  readonly text: string;
}

/** What one user came to know without reading everything. */
export interface Hearing {
  readonly user: string;
  /** By connection, in order of arrival. */
  readonly pushed: readonly (readonly PushedMessage[])[];
  /** Listed after a lost connection, from the last message heard on. */
  readonly resumed: readonly PushedMessage[];
}

export interface Evidence {
  readonly history: History;
  /** Of each thread at least one; the last one of a thread is the final state. */
  readonly readings: readonly Reading[];
  readonly hearings: readonly Hearing[];
  /** Thread → its members throughout. */
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
  | 'access after its end';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

/** Everything in the evidence that a correct server could not have done; empty for a correct one. */
export function violationsOf(evidence: Evidence): Violation[] {
  const finals = new Map(evidence.readings.map((reading) => [reading.threadId, reading]));
  return [
    ...evidence.readings.flatMap((reading) => [
      ...checkPlaces(reading),
      ...checkContent(reading, evidence),
      ...checkSameOrder(reading, finals.get(reading.threadId) ?? reading),
      ...checkRealTime(reading, evidence.history),
    ]),
    ...evidence.hearings.flatMap((hearing) => [...checkPushes(hearing, evidence, finals), ...checkHeard(hearing, evidence, finals)]),
    ...evidence.history.ends.flatMap((end) => checkEnd(end, evidence.history)),
  ];
}

/** Ids rise, and sequence numbers count up from 1: system messages have their places too. */
function checkPlaces({ reader, threadId, messages }: Reading): Violation[] {
  const found: Violation[] = [];
  const oldestFirst = messages.toReversed();
  for (const [i, message] of oldestFirst.entries()) {
    const detail = `${reader} read ${show(message)} at place ${i + 1} of ${threadId}`;
    if (i > 0 && Number(message.id) <= Number(oldestFirst[i - 1]?.id)) found.push({ kind: 'id does not rise', detail });
    if (message.sequenceId !== String(i + 1)) found.push({ kind: 'gap in sequence', detail });
  }
  return found;
}

/** What was acknowledged before the reading is there once and unchanged; nothing refused or invented is. */
function checkContent(reading: Reading, { history, unknownIsNotStored }: Evidence): Violation[] {
  const found: Violation[] = [];
  const seen = new Set<string>();
  for (const message of reading.messages.filter(({ type }) => type === 'text')) {
    const detail = `${reading.reader} read ${show(message)} in ${reading.threadId}`;
    const send = history.find(message.text ?? '');
    if (send?.threadId !== reading.threadId) {
      found.push({ kind: isLike(message.text, history) ? 'changed' : 'nobody sent it', detail });
      continue;
    }
    if (seen.has(send.body)) found.push({ kind: 'twice', detail });
    seen.add(send.body);
    if (send.outcome === 'fail') found.push({ kind: 'refused but stored', detail });
    if (send.outcome === 'unknown' && unknownIsNotStored === true) found.push({ kind: 'stored but not answered', detail });
    if (send.outcome === 'ok' && send.id !== message.id) found.push({ kind: 'other id than answered', detail });
  }
  for (const send of history.sends) {
    if (send.threadId !== reading.threadId || send.outcome !== 'ok' || send.endedAt > reading.startedAt || seen.has(send.body)) continue;
    found.push({ kind: 'lost', detail: `${reading.reader} does not find ${show({ id: send.id, text: send.body })} in ${send.threadId}` });
  }
  return found;
}

/** Every reading is a beginning of the final one, whoever read it and in whatever pages. */
function checkSameOrder(reading: Reading, final: Reading): Violation[] {
  const all = final.messages.toReversed();
  const differs = reading.messages.toReversed().findIndex((message, i) => message.id !== all[i]?.id || message.text !== all[i].text);
  if (differs < 0) return [];
  const detail = `${reading.reader} and ${final.reader} see another message at place ${differs + 1} of ${reading.threadId}`;
  return [{ kind: 'readers differ', detail }];
}

/** What was acknowledged before another send began stands before it. */
function checkRealTime(reading: Reading, history: History): Violation[] {
  const stored = reading.messages.toReversed().flatMap((message, place) => {
    const send = history.find(message.text ?? '');
    return send === undefined ? [] : [{ send, place }];
  });
  const byEnd = stored.toSorted((a, b) => a.send.endedAt - b.send.endedAt);
  const found: Violation[] = [];
  let ended = 0;
  let latest = -1;
  for (const { send, place } of stored.toSorted((a, b) => a.send.invokedAt - b.send.invokedAt)) {
    for (let next = byEnd[ended]; next !== undefined && next.send.endedAt < send.invokedAt; next = byEnd[ended]) {
      latest = Math.max(latest, next.place);
      ended += 1;
    }
    if (place < latest) found.push({ kind: 'order against time', detail: `${show({ text: send.body })} stands before one acknowledged earlier` });
  }
  return found;
}

/** What was pushed may be heard by this user, is stored, and comes in the thread's order on each connection. */
function checkPushes(hearing: Hearing, evidence: Evidence, finals: ReadonlyMap<string, Reading>): Violation[] {
  const stored = new Map([...finals].map(([threadId, { messages }]) => [threadId, new Map(messages.map(({ id, text }) => [id, text]))]));
  const found: Violation[] = [];
  for (const pushes of hearing.pushed) {
    const lastIds = new Map<string, number>();
    for (const push of pushes) {
      const detail = `${hearing.user} was pushed ${show(push)} of ${push.threadId}`;
      const send = evidence.history.find(push.text);
      if (send === undefined) found.push({ kind: isLike(push.text, evidence.history) ? 'changed' : 'nobody sent it', detail });
      else if (!mayHear(hearing.user, send, evidence)) found.push({ kind: 'push to a stranger', detail });
      if (send !== undefined && stored.get(push.threadId)?.get(push.id) !== push.text) found.push({ kind: 'lost', detail });
      // At least once: a message may come again, but a new one never behind a later one.
      if (Number(push.id) < (lastIds.get(push.threadId) ?? 0)) found.push({ kind: 'push out of order', detail });
      lastIds.set(push.threadId, Math.max(Number(push.id), lastIds.get(push.threadId) ?? 0));
    }
  }
  return found;
}

/** Each member knows every stored message that it is owed, by push or by listing what it missed. */
function checkHeard(hearing: Hearing, evidence: Evidence, finals: ReadonlyMap<string, Reading>): Violation[] {
  const heard = new Set([...hearing.pushed.flat(), ...hearing.resumed].map(({ text }) => text));
  return [...finals.values()].flatMap(({ threadId, messages }) => {
    if (evidence.members.get(threadId)?.includes(hearing.user) !== true) return [];
    const missing = messages.filter(({ text = '' }) => {
      const send = evidence.history.find(text);
      return send !== undefined && !heard.has(text) && mustHear(hearing.user, send, evidence);
    });
    return missing.map((message) => ({ kind: 'push missing' as const, detail: `${hearing.user} never heard ${show(message)} of ${threadId}` }));
  });
}

function checkEnd({ user, threadIds, at }: EndOfAccess, history: History): Violation[] {
  return history.sends
    .filter((send) => send.sender === user && threadIds.includes(send.threadId) && send.invokedAt > at && send.outcome === 'ok')
    .map((send) => ({ kind: 'access after its end' as const, detail: `${show({ id: send.id, text: send.body })} was accepted` }));
}

function mayHear(user: string, send: Send, { members, history }: Evidence): boolean {
  const hasEnded = history.ends.some((end) => end.user === user && end.threadIds.includes(send.threadId) && end.at < send.invokedAt);
  return !hasEnded && members.get(send.threadId)?.includes(user) === true;
}

function mustHear(user: string, send: Send, { history }: Evidence): boolean {
  return !history.ends.some((end) => end.user === user && end.threadIds.includes(send.threadId) && end.begunAt < send.endedAt);
}

/** Whether the text begins as one of the sent ones does: sender and number. */
function isLike(text: string | undefined, history: History): boolean {
  const start = text?.split(' ', 2).join(' ');
  return start !== undefined && history.sends.some(({ body }) => body.startsWith(`${start} `));
}

function show({ id, text }: { readonly id?: string | undefined; readonly text?: string | undefined }): string {
  return `${id ?? ''} ${JSON.stringify(text?.slice(0, 90))}`;
}
