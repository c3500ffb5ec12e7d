import { describe, expect, it } from 'vitest';
import { violationsOf } from './lib/check.ts';
import type { Evidence, Hearing, PushedMessage, Reading, ReadMessage } from './lib/evidence.ts';
import { History } from './lib/history.ts';

const THREAD = '19:t@thread.v2';

/** A history of two users and one thread in which everything is right: tests change one thing and name what is found. */
function rightEvidence(): Evidence & { readonly bodies: readonly string[] } {
  const history = new History();
  const bodies = ['ann', 'ben', 'ann', 'ben'].map((sender, i) => {
    const body = history.invoke({ sender, threadId: THREAD });
    history.ok(body, String(1_000 + i));
    return body;
  });
  const messages: ReadMessage[] = [
    { id: '999', type: 'topicUpdated', sequenceId: '1', version: '999', text: undefined },
    ...bodies.map((text, i) => ({ id: String(1_000 + i), type: 'text', sequenceId: String(i + 2), version: String(1_000 + i), text })),
  ].toReversed();
  const pushed: PushedMessage[] = bodies.map((text, i) => ({ threadId: THREAD, id: String(1_000 + i), text }));
  return {
    bodies,
    history,
    readings: ['ann', 'ben'].map((reader) => ({ reader, threadId: THREAD, startedAt: history.now(), endedAt: history.now(), messages })),
    hearings: ['ann', 'ben'].map((user) => ({ user, pushed: [pushed], resumed: [], changes: [] })),
    rosters: [],
    users: ['ann', 'ben', 'cid'],
    members: new Map([[THREAD, ['ann', 'ben']]]),
  };
}

function kindsOf(evidence: Evidence): string[] {
  return [...new Set(violationsOf(evidence).map(({ kind }) => kind))].sort();
}

/** The same change in every reading. */
function reread(evidence: Evidence, change: (newestFirst: readonly ReadMessage[]) => readonly ReadMessage[]): Evidence {
  return { ...evidence, readings: evidence.readings.map((reading) => ({ ...reading, messages: renumber(change(reading.messages)) })) };
}

/** Gives rows the ids and sequence numbers of their places, so that only the order of their texts is wrong. */
function renumber(newestFirst: readonly ReadMessage[]): ReadMessage[] {
  return newestFirst.map((message, i) => ({ ...message, sequenceId: String(newestFirst.length - i) }));
}

function withReading(evidence: Evidence, change: (reading: Reading) => Reading): Evidence {
  const [first, ...others] = evidence.readings;
  return { ...evidence, readings: [change(first!), ...others] };
}

function withHearing(
  evidence: Evidence,
  change: (pushes: readonly PushedMessage[]) => readonly PushedMessage[],
  more: Partial<Hearing> = {},
): Evidence {
  const [first, ...others] = evidence.hearings;
  return { ...evidence, hearings: [{ ...first!, pushed: first!.pushed.map(change), ...more }, ...others] };
}

describe('the checker', () => {
  it('R47: finds nothing where everything is right', () => {
    expect(violationsOf(rightEvidence())).toEqual([]);
  });

  it('R47: misses an acknowledged message', () => {
    expect(kindsOf(reread(rightEvidence(), (rows) => rows.slice(1)))).toEqual(['lost']);
  });

  it('R47: sees a message twice', () => {
    const evidence = reread(rightEvidence(), (rows) => [{ ...rows[0]!, id: '1009' }, ...rows]);
    expect(kindsOf(evidence)).toContain('twice');
  });

  it('R34: sees a changed byte', () => {
    const evidence = reread(rightEvidence(), (rows) =>
      rows.map((row) => ({ ...row, ...(row.text === undefined ? {} : { text: `${row.text}.` }) })),
    );
    expect(kindsOf(evidence)).toContain('changed');
  });

  it('R34: sees what nobody sent', () => {
    const evidence = rightEvidence();
    const row = { id: '1009', type: 'text', version: '1009', sequenceId: '6', text: 'from nobody' };
    expect(kindsOf(reread(evidence, (rows) => [row, ...rows]))).toEqual(['nobody sent it']);
  });

  it.each([
    { outcome: 'fail' as const, strict: false, kinds: ['refused but stored'] },
    { outcome: 'unknown' as const, strict: false, kinds: [] },
    { outcome: 'unknown' as const, strict: true, kinds: ['stored but not answered'] },
  ])('R47: judges a stored message whose send ended $outcome (strict: $strict)', ({ outcome, strict, kinds }) => {
    const evidence = rightEvidence();
    const body = evidence.history.invoke({ sender: 'ann', threadId: THREAD });
    if (outcome === 'fail') evidence.history.fail(body);
    const row = { id: '1004', type: 'text', version: '1004', sequenceId: '6', text: body };
    const stored = reread({ ...evidence, hearings: [], unknownIsNotStored: strict }, (rows) => [row, ...rows]);
    expect(kindsOf(stored)).toEqual(kinds);
  });

  it('R47: an unknown send need not be stored', () => {
    const evidence = rightEvidence();
    evidence.history.invoke({ sender: 'ann', threadId: THREAD });
    expect(violationsOf(evidence)).toEqual([]);
  });

  it('R34: compares ids with those answered', () => {
    const evidence = reread(rightEvidence(), (rows) => rows.map((row, i) => (i === 0 ? { ...row, id: '2000' } : row)));
    expect(kindsOf({ ...evidence, hearings: [] })).toEqual(['other id than answered']);
  });

  it('R39: compares readers', () => {
    const evidence = withReading(rightEvidence(), (reading) => {
      const [newest, second, ...older] = reading.messages;
      return { ...reading, messages: [{ ...newest!, id: second!.id }, { ...second!, id: newest!.id }, ...older] };
    });
    expect(kindsOf(evidence)).toContain('readers differ');
  });

  it('R39: a reading during the storm may lack only what was not acknowledged before it', () => {
    const early = withReading(rightEvidence(), (reading) => ({ ...reading, startedAt: 4, messages: reading.messages.slice(2) }));
    expect(kindsOf(early)).toEqual([]);
    const late = withReading(rightEvidence(), (reading) => ({ ...reading, startedAt: 7, messages: reading.messages.slice(2) }));
    expect(kindsOf(late)).toEqual(['lost']);
  });

  it('R39: wants rising ids and sequence numbers without gaps', () => {
    const still = reread(rightEvidence(), (rows) => rows.map((row) => ({ ...row, id: '1003' })));
    expect(kindsOf({ ...still, hearings: [] })).toContain('id does not rise');
    const evidence = rightEvidence();
    const readings = evidence.readings.map((reading) => ({
      ...reading,
      messages: reading.messages.map((row) => (row.sequenceId === '5' ? { ...row, sequenceId: '6' } : row)),
    }));
    expect(kindsOf({ ...evidence, readings })).toEqual(['gap in sequence']);
  });

  it('R34: what was acknowledged first stands first', () => {
    const swapped = reread({ ...rightEvidence(), hearings: [] }, ([newest, second, ...older]) => [
      { ...newest!, text: second!.text },
      { ...second!, text: newest!.text },
      ...older,
    ]);
    expect(kindsOf(swapped)).toContain('order against time');
  });

  it('R34: misses a push, unless the message was listed afterwards', () => {
    const dropped = withHearing(rightEvidence(), (pushes) => pushes.slice(0, -1));
    expect(kindsOf(dropped)).toEqual(['push missing']);
    const { pushed } = rightEvidence().hearings[0]!;
    const resumed = withHearing(rightEvidence(), (pushes) => pushes.slice(0, -1), { resumed: pushed[0]!.slice(-1) });
    expect(violationsOf(resumed)).toEqual([]);
  });

  it('R34: sees pushes out of order, and allows repeated ones', () => {
    expect(kindsOf(withHearing(rightEvidence(), (pushes) => pushes.toReversed()))).toEqual(['push out of order']);
    expect(kindsOf(withHearing(rightEvidence(), ([first, ...others]) => [first!, first!, ...others]))).toEqual([]);
  });

  it('R34: sees a push of what is not stored', () => {
    const evidence = rightEvidence();
    const body = evidence.history.invoke({ sender: 'ann', threadId: THREAD });
    expect(kindsOf(withHearing(evidence, (pushes) => [...pushes, { threadId: THREAD, id: '1004', text: body }]))).toEqual(['lost']);
  });

  it('R45: sees a push to somebody who is no member', () => {
    const evidence = rightEvidence();
    expect(kindsOf({ ...evidence, hearings: [{ ...evidence.hearings[0]!, user: 'cid' }] })).toEqual(['push to a stranger']);
  });

  it('R19: sees access that outlives its end', () => {
    const evidence = rightEvidence();
    evidence.history.endAccess({ user: 'ben', threadIds: [THREAD], begunAt: evidence.history.now() });
    expect(violationsOf(evidence)).toEqual([]);
    const late = ['ann', 'ben'].map((sender) => {
      const body = evidence.history.invoke({ sender, threadId: THREAD });
      evidence.history.ok(body, String(1_004 + (sender === 'ben' ? 1 : 0)));
      return body;
    });
    const rows = late.map((text, i) => ({ id: String(1_004 + i), type: 'text', version: '', sequenceId: '', text })).toReversed();
    const pushes = late.map((text, i) => ({ threadId: THREAD, id: String(1_004 + i), text }));
    const after = reread(evidence, (before) => [...rows, ...before]);
    const heardByAnn = withHearing(after, (before) => [...before, ...pushes]);
    expect(kindsOf(heardByAnn)).toEqual(['access after its end']);
    const heardByBoth = {
      ...heardByAnn,
      hearings: heardByAnn.hearings.map((hearing) => ({ ...hearing, pushed: heardByAnn.hearings[0]!.pushed })),
    };
    expect(kindsOf(heardByBoth)).toEqual(['access after its end', 'push to a stranger']);
  });
});
