import { checkHeard, checkPushes } from './check-hearings.ts';
import { type Evidence, isLike, type Reading, show, type Violation } from './evidence.ts';
import type { EndOfAccess, History } from './history.ts';

/** Everything in the evidence that a correct server could not have done; empty for a correct one. */
export function violationsOf(evidence: Evidence): Violation[] {
  const finals = new Map(evidence.readings.map((reading) => [reading.threadId, reading]));
  return [
    ...evidence.readings.flatMap((reading) => [
      ...checkPlaces(reading),
      ...checkStored(reading, evidence),
      ...checkLost(reading, evidence.history),
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

/** Nothing is there that was refused, changed, invented or already there. */
function checkStored(reading: Reading, { history, unknownIsNotStored = false }: Evidence): Violation[] {
  const seen = new Set<string>();
  return reading.messages
    .filter(({ type }) => type === 'text')
    .flatMap((message) => {
      const detail = `${reading.reader} read ${show(message)} in ${reading.threadId}`;
      const send = history.find(message.text ?? '');
      if (send?.threadId !== reading.threadId) return { kind: isLike(message.text, history) ? 'changed' : 'nobody sent it', detail };
      if (seen.has(send.body)) return { kind: 'twice', detail };
      seen.add(send.body);
      if (send.outcome === 'fail') return { kind: 'refused but stored', detail };
      if (send.outcome === 'unknown') return unknownIsNotStored ? { kind: 'stored but not answered', detail } : [];
      return send.id === message.id ? [] : { kind: 'other id than answered', detail };
    });
}

/** What was acknowledged before the reading began is there. */
function checkLost({ reader, threadId, startedAt, messages }: Reading, history: History): Violation[] {
  const texts = new Set(messages.map(({ text }) => text));
  return history.sends
    .filter((send) => send.threadId === threadId && send.outcome === 'ok' && send.endedAt < startedAt && !texts.has(send.body))
    .map((send) => ({ kind: 'lost', detail: `${reader} does not find ${show({ id: send.id, text: send.body })} in ${threadId}` }));
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
