import { type DeedOf, type Deeds, Membership, type Outcome } from './deeds.ts';
import { type Evidence, type Hearing, type Reading, type ReadMessage, type Roster, show, type Violation } from './evidence.ts';

/** Something that gave a message its present content; a deletion gives none. */
interface Write {
  readonly text: string | undefined;
  readonly outcome: Outcome;
  readonly invokedAt: number;
  readonly endedAt: number;
}

/** What every message shows was written by somebody, and by the last one who certainly wrote. */
export function checkContents(reading: Reading, evidence: Evidence): Violation[] {
  const writesOf = writesByMessage(reading.threadId, evidence);
  return reading.messages
    .filter(({ type }) => type === 'text')
    .flatMap((message) => {
      const kind = wrongContent(message, writesOf.get(message.id) ?? [], reading);
      return kind === undefined ? [] : [{ kind, detail: `${reading.reader} read ${show(message)} in ${reading.threadId}` }];
    });
}

function wrongContent({ text, isDeleted }: ReadMessage, writes: readonly Write[], reading: Reading): Violation['kind'] | undefined {
  // Of a send without an answer nobody knows the id, so nobody can have changed it.
  if (writes.length === 0) return isDeleted ? 'nobody deleted it' : undefined;
  const shown = writes.filter((write) => write.text === text && write.invokedAt < reading.endedAt);
  // A text that no write has is the business of other checks.
  if (shown.length === 0) return isDeleted ? 'nobody deleted it' : undefined;
  const before = writes.filter((write) => write.outcome === 'ok' && write.endedAt < reading.startedAt);
  if (!isDeleted && before.some((write) => write.text === undefined)) return 'deleted came back';
  const isStale = shown.every((write) => before.some((later) => later.invokedAt > write.endedAt));
  return isStale && !isDeleted ? 'edit lost' : undefined;
}

function writesByMessage(threadId: string, { history }: Evidence): Map<string, Write[]> {
  const { deeds } = history;
  const writes = new Map<string, Write[]>();
  const add = (messageId: string, write: Write): void => void writes.set(messageId, [...(writes.get(messageId) ?? []), write]);
  for (const send of history.sends) {
    if (send.threadId === threadId && send.outcome === 'ok' && send.id !== undefined) add(send.id, { ...send, text: send.body });
  }
  for (const edit of deeds.effective('edit')) if (edit.threadId === threadId) add(edit.messageId, { ...edit, text: edit.body });
  for (const end of deeds.effective('delete')) if (end.threadId === threadId) add(end.messageId, { ...end, text: undefined });
  return writes;
}

/** Nothing that was certainly deleted is changed, and nobody who is certainly out does anything. */
export function checkDeeds({ history, members }: Evidence): Violation[] {
  const { deeds } = history;
  const deletes = deeds.effective('delete').filter(({ outcome }) => outcome === 'ok');
  const membership = new Membership(members, deeds);
  const isOut = (user: string, { threadId, invokedAt, endedAt }: { threadId: string; invokedAt: number; endedAt: number }): boolean =>
    membership.isOut({ user, threadId, from: invokedAt, to: endedAt });
  return [
    ...deeds
      .effective('edit')
      .filter((edit) => edit.outcome === 'ok' && deletes.some((end) => isSame(end, edit) && end.endedAt < edit.invokedAt))
      .map(({ messageId, body }) => ({
        kind: 'deleted came back' as const,
        detail: `an edit of ${show({ id: messageId, text: body })} was accepted`,
      })),
    ...deeds.all
      .filter((deed) => deed.outcome === 'ok' && isOut(deed.by, deed))
      .map((deed) => ({ kind: 'access after its end' as const, detail: `${deed.kind} by ${deed.by} in ${deed.threadId} was accepted` })),
    ...history.sends
      .filter((send) => send.outcome === 'ok' && isOut(send.sender, send))
      .map((send) => ({ kind: 'access after its end' as const, detail: `${show({ id: send.id, text: send.body })} was accepted` })),
  ];
}

function isSame(a: DeedOf<'delete'>, b: DeedOf<'edit'>): boolean {
  return a.threadId === b.threadId && a.messageId === b.messageId;
}

/** The list of participants and the receipts in the end are what the deeds made them. */
export function checkRoster({ threadId, participants, receipts, takenAt }: Roster, { history, members, users }: Evidence): Violation[] {
  const membership = new Membership(members, history.deeds);
  const found: Violation[] = users.flatMap((user) => {
    // Whoever was deleted has left all threads, whoever was revoked none.
    if (history.ends.some((end) => end.user === user)) return [];
    const isListed = participants.includes(user);
    const span = { user, threadId, from: takenAt, to: takenAt };
    if (!isListed && membership.isIn(span)) return { kind: 'member lost', detail: `${user} is missing from ${threadId}` };
    return isListed && membership.isOut(span) ? { kind: 'member came back', detail: `${user} is in ${threadId}` } : [];
  });
  for (const user of new Set(receipts.map((receipt) => receipt.user))) {
    const mine = receipts.filter((receipt) => receipt.user === user);
    if (mine.length > 1) found.push({ kind: 'receipt twice', detail: `${user} has ${mine.length} receipts in ${threadId}` });
    const sent = history.deeds.effective('receipt').some(({ by, messageId }) => by === user && messageId === mine[0]?.messageId);
    if (!sent) found.push({ kind: 'nobody sent the receipt', detail: `${user} has read ${mine[0]?.messageId} of ${threadId}` });
  }
  return [...found, ...lostReceipts({ threadId, receipts }, history.deeds)];
}

/** Who has read up to a message has not read less later, unless the thread forgot the reader by a removal. */
function lostReceipts({ threadId, receipts }: Pick<Roster, 'threadId' | 'receipts'>, deeds: Deeds): Violation[] {
  const removes = deeds.effective('remove');
  return deeds
    .effective('receipt')
    .filter((sent) => {
      if (sent.outcome !== 'ok' || sent.threadId !== threadId) return false;
      if (removes.some(({ user, threadId: from, endedAt }) => user === sent.by && from === threadId && endedAt > sent.invokedAt))
        return false;
      return !receipts.some(({ user, messageId }) => user === sent.by && Number(messageId) >= Number(sent.messageId));
    })
    .map(({ by, messageId }) => ({ kind: 'receipt lost', detail: `${by} had read ${messageId} of ${threadId}` }));
}

/** What was pushed of edits and deletions was done by somebody, and comes to nobody who is certainly out. */
export function checkChanges({ user, changes }: Hearing, { history, members }: Evidence): Violation[] {
  const { deeds } = history;
  const membership = new Membership(members, deeds);
  return changes.flatMap((change): Violation[] => {
    const { threadId, id, text } = change;
    const detail = `${user} was pushed that ${show(change)} of ${threadId} was ${change.kind}`;
    const causes =
      change.kind === 'edited'
        ? deeds.effective('edit').filter((edit) => edit.messageId === id && edit.body === text)
        : deeds.effective('delete').filter((end) => end.messageId === id);
    if (causes.length === 0) return [{ kind: change.kind === 'edited' ? 'nobody sent it' : 'nobody deleted it', detail }];
    const isStranger = causes.every(({ invokedAt, endedAt }) => membership.isOut({ user, threadId, from: invokedAt, to: endedAt }));
    return isStranger ? [{ kind: 'push to a stranger', detail }] : [];
  });
}
