import { checkChanges, checkContents, checkDeeds, checkRoster } from './check-deeds.ts';
import { checkHeard, checkPushes } from './check-hearings.ts';
import type { DeedOf } from './deeds.ts';
import { type Evidence, isLike, type Reading, type ReadMessage, show, type Violation } from './evidence.ts';
import type { EndOfAccess, History, Send } from './history.ts';

/** Everything in the evidence that a correct server could not have done; empty for a correct one. */
export function violationsOf(evidence: Evidence): Violation[] {
  const finals = new Map(evidence.readings.map((reading) => [reading.threadId, reading]));
  return [
    ...evidence.readings.flatMap((reading) => [
      ...checkPlaces(reading),
      ...checkStored(reading, evidence),
      ...checkContents(reading, evidence),
      ...checkLost(reading, evidence.history),
      ...checkSameOrder(reading, { final: finals.get(reading.threadId) ?? reading, history: evidence.history }),
      ...checkRealTime(reading, evidence.history),
    ]),
    ...evidence.hearings.flatMap((hearing) => [
      ...checkPushes(hearing, evidence, finals),
      ...checkHeard(hearing, evidence, finals),
      ...checkChanges(hearing, evidence),
    ]),
    ...evidence.rosters.flatMap((roster) => checkRoster(roster, evidence)),
    ...checkDeeds(evidence),
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

/** Nothing is there that was refused, changed, invented or already there. */
function checkStored(reading: Reading, { history, unknownIsNotStored = false }: Evidence): Violation[] {
  const seen = new Set<string>();
  return reading.messages
    .filter(({ type, isDeleted }) => type === 'text' && isDeleted !== true)
    .flatMap((message) => {
      const detail = `${reading.reader} read ${show(message)} in ${reading.threadId}`;
      const edit = history.deeds.edit(message.text ?? '');
      if (edit !== undefined) return wrongEdit(edit, message, reading).map((kind) => ({ kind, detail }));
      const send = history.find(message.text ?? '');
      if (send?.threadId !== reading.threadId) return { kind: isLike(message.text, history) ? 'changed' : 'nobody sent it', detail };
      if (seen.has(send.body)) return { kind: 'twice', detail };
      seen.add(send.body);
      if (send.outcome === 'fail') return { kind: 'refused but stored', detail };
      if (send.outcome === 'unknown') return unknownIsNotStored ? { kind: 'stored but not answered', detail } : [];
      return send.id === message.id ? [] : { kind: 'other id than answered', detail };
    });
}

/** An edit stands only where it was made, unless it was refused. */
function wrongEdit(edit: DeedOf<'edit'>, { id }: ReadMessage, { threadId }: Reading): Violation['kind'][] {
  if (edit.threadId !== threadId || edit.messageId !== id) return ['changed'];
  return edit.outcome === 'fail' ? ['refused but stored'] : [];
}

/** What was acknowledged before the reading began is there. */
function checkLost({ reader, threadId, startedAt, messages }: Reading, history: History): Violation[] {
  const texts = new Set(messages.map(({ text }) => text));
  const ids = new Set(messages.map(({ id }) => id));
  // Changed messages have other texts than those they were sent with; their ids stay.
  const isThere = ({ id, body }: Send): boolean => texts.has(body) || (ids.has(id ?? '') && history.isTouched(threadId, id));
  return history.sends
    .filter((send) => send.threadId === threadId && send.outcome === 'ok' && send.endedAt < startedAt && !isThere(send))
    .map((send) => ({ kind: 'lost', detail: `${reader} does not find ${show({ id: send.id, text: send.body })} in ${threadId}` }));
}

/** Every reading is a beginning of the final one, whoever read it and in whatever pages. */
function checkSameOrder(reading: Reading, { final, history }: { readonly final: Reading; readonly history: History }): Violation[] {
  const all = final.messages.toReversed();
  const differs = reading.messages
    .toReversed()
    .findIndex(({ id, text }, i) => id !== all[i]?.id || (text !== all[i].text && !history.isTouched(reading.threadId, id)));
  if (differs < 0) return [];
  const detail = `${reading.reader} and ${final.reader} see another message at place ${differs + 1} of ${reading.threadId}`;
  return [{ kind: 'readers differ', detail }];
}

/** What was acknowledged before another send began stands before it. */
function checkRealTime(reading: Reading, history: History): Violation[] {
  const stored = reading.messages.toReversed().flatMap((message, place) => {
    const send = history.find(message.text ?? '') ?? history.sendOf(reading.threadId, message.id);
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
    if (place < latest)
      found.push({ kind: 'order against time', detail: `${show({ text: send.body })} stands before one acknowledged earlier` });
  }
  return found;
}

function checkEnd({ user, threadIds, at }: EndOfAccess, history: History): Violation[] {
  return history.sends
    .filter((send) => send.sender === user && threadIds.includes(send.threadId) && send.invokedAt > at && send.outcome === 'ok')
    .map((send) => ({ kind: 'access after its end' as const, detail: `${show({ id: send.id, text: send.body })} was accepted` }));
}
