import { Membership } from './deeds.ts';
import { type Evidence, type Hearing, isLike, type Reading, show, type Violation } from './evidence.ts';
import type { Send } from './history.ts';

/** What was pushed may be heard by this user, is stored, and comes in the thread's order on each connection. */
export function checkPushes(hearing: Hearing, evidence: Evidence, finals: ReadonlyMap<string, Reading>): Violation[] {
  const stored = new Map([...finals].map(([threadId, { messages }]) => [threadId, new Map(messages.map(({ id, text }) => [id, text]))]));
  const found: Violation[] = [];
  for (const pushes of hearing.pushed) {
    const lastIds = new Map<string, number>();
    for (const push of pushes) {
      const detail = `${hearing.user} was pushed ${show(push)} of ${push.threadId}`;
      const send = evidence.history.find(push.text);
      if (send === undefined) found.push({ kind: isLike(push.text, evidence.history) ? 'changed' : 'nobody sent it', detail });
      else if (!mayHear(hearing.user, send, evidence)) found.push({ kind: 'push to a stranger', detail });
      const storedText = stored.get(push.threadId)?.get(push.id);
      const isStored =
        storedText === push.text ||
        (stored.get(push.threadId)?.has(push.id) === true && evidence.history.isTouched(push.threadId, push.id));
      if (send !== undefined && !isStored) found.push({ kind: 'lost', detail });
      // At least once: a message may come again, but none comes behind a later one.
      if (Number(push.id) < (lastIds.get(push.threadId) ?? 0)) found.push({ kind: 'push out of order', detail });
      lastIds.set(push.threadId, Math.max(Number(push.id), lastIds.get(push.threadId) ?? 0));
    }
  }
  return found;
}

/** Each member knows every acknowledged message, by push or by listing what it missed. */
export function checkHeard(hearing: Hearing, evidence: Evidence, finals: ReadonlyMap<string, Reading>): Violation[] {
  const known = [...hearing.pushed.flat(), ...hearing.resumed];
  const heard = new Set(known.map(({ text }) => text));
  // Of a message that was changed meanwhile the id tells that it is known.
  const heardIds = new Set(
    known.filter(({ threadId, id }) => evidence.history.isTouched(threadId, id)).map(({ threadId, id }) => `${threadId} ${id}`),
  );
  return [...finals.values()].flatMap(({ threadId, messages }) => {
    if (evidence.members.get(threadId)?.includes(hearing.user) !== true) return [];
    const missing = messages.filter(({ id, text = '' }) => {
      const send = evidence.history.find(text) ?? evidence.history.sendOf(threadId, id);
      return send !== undefined && !heard.has(send.body) && !heardIds.has(`${threadId} ${id}`) && mustHear(hearing.user, send, evidence);
    });
    return missing.map((message) => ({
      kind: 'push missing' as const,
      detail: `${hearing.user} never heard ${show(message)} of ${threadId}`,
    }));
  });
}

function mayHear(user: string, send: Send, { members, history }: Evidence): boolean {
  const { threadId, invokedAt, endedAt } = send;
  const hasEnded = history.ends.some((end) => end.user === user && end.threadIds.includes(send.threadId) && end.at < send.invokedAt);
  return !hasEnded && !new Membership(members, history.deeds).isOut({ user, threadId, from: invokedAt, to: endedAt });
}

/** Nobody is owed what was not acknowledged: the server itself may not know that it is stored. */
function mustHear(user: string, send: Send, { history }: Evidence): boolean {
  return (
    send.outcome === 'ok' &&
    !history.ends.some((end) => end.user === user && end.threadIds.includes(send.threadId) && end.begunAt < send.endedAt)
  );
}
