import { beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './lib/check.ts';
import type { DeedKind, Outcome } from './lib/deeds.ts';
import type { Evidence, PushedChange, PushedMessage, ReadMessage, Roster } from './lib/evidence.ts';
import { History } from './lib/history.ts';

const THREAD = '19:t@thread.v2';
const ID = '1000';

let history: History;
let sent: string;
beforeEach(() => {
  history = new History();
  sent = history.invoke({ sender: 'ann', threadId: THREAD });
  history.ok(sent, ID);
});

function doDeed(deed: DeedKind & { readonly by: string }, outcome: Outcome = 'ok'): void {
  const id = history.deeds.begin({ threadId: THREAD, ...deed });
  if (outcome !== 'unknown') history.deeds.end(id, outcome);
}

function edit(outcome: Outcome = 'ok'): string {
  const body = history.newBody('ann');
  doDeed({ kind: 'edit', by: 'ann', messageId: ID, body }, outcome);
  return body;
}

function deletion(outcome: Outcome = 'ok'): void {
  doDeed({ kind: 'delete', by: 'ann', messageId: ID }, outcome);
}

interface Seen {
  /** What the message shows; undefined: that it was deleted. */
  readonly message: string | undefined;
  readonly participants?: readonly string[];
  readonly receipts?: Roster['receipts'];
  readonly changes?: readonly PushedChange[];
  readonly pushedToCid?: readonly PushedMessage[];
}

/** What is wrong when everybody now sees this. */
function kindsOf({ message, participants = ['ann', 'ben'], receipts = [], changes = [], pushedToCid = [] }: Seen): string[] {
  const startedAt = history.now();
  const isDeleted = message === undefined;
  const row: ReadMessage = { id: ID, type: 'text', sequenceId: '1', version: ID, text: message, isDeleted };
  const evidence: Evidence = {
    history,
    readings: [{ reader: 'ann', threadId: THREAD, startedAt, endedAt: history.now(), messages: [row] }],
    hearings: [{ user: 'cid', pushed: [pushedToCid], resumed: [], changes }],
    rosters: [{ threadId: THREAD, takenAt: startedAt, participants, receipts }],
    users: ['ann', 'ben', 'cid'],
    members: new Map([[THREAD, ['ann', 'ben']]]),
  };
  return [...new Set(violationsOf(evidence).map(({ kind }) => kind))].sort();
}

describe('the checker and edits', () => {
  it('R47: wants the last acknowledged one, or one that may have come after it', () => {
    const first = edit();
    expect(kindsOf({ message: first })).toEqual([]);
    const second = edit();
    expect(kindsOf({ message: second })).toEqual([]);
    expect(kindsOf({ message: first })).toEqual(['edit lost']);
    expect(kindsOf({ message: sent })).toEqual(['edit lost']);
    const unanswered = edit('unknown');
    expect(kindsOf({ message: unanswered })).toEqual([]);
    expect(kindsOf({ message: second })).toEqual([]);
  });

  it('R47: takes either of two at the same time', () => {
    const [a, b] = [history.newBody('ann'), history.newBody('ann')];
    const begun = [a, b].map((body) => history.deeds.begin({ kind: 'edit', by: 'ann', threadId: THREAD, messageId: ID, body }));
    for (const id of begun) history.deeds.end(id, 'ok');
    expect(kindsOf({ message: a })).toEqual([]);
    expect(kindsOf({ message: b })).toEqual([]);
    expect(kindsOf({ message: sent })).toEqual(['edit lost']);
  });

  it('R47: wants none that was refused, none that nobody made, and none of another message', () => {
    expect(kindsOf({ message: edit('fail') })).toContain('refused but stored');
    expect(kindsOf({ message: 'from nobody' })).toContain('nobody sent it');
    const body = history.newBody('ann');
    doDeed({ kind: 'edit', by: 'ann', messageId: '2000', body });
    expect(kindsOf({ message: body })).toContain('changed');
  });
});

describe('the checker and deletions', () => {
  it('R46: wants an acknowledged one to last', () => {
    const edited = edit();
    deletion();
    expect(kindsOf({ message: undefined })).toEqual([]);
    expect(kindsOf({ message: edited })).toEqual(['deleted came back']);
    edit();
    expect(kindsOf({ message: undefined })).toEqual(['deleted came back']);
  });

  it('R46: wants none that nobody made, or that was refused', () => {
    expect(kindsOf({ message: undefined })).toContain('nobody deleted it');
    deletion('fail');
    expect(kindsOf({ message: undefined })).toContain('nobody deleted it');
    deletion('unknown');
    expect(kindsOf({ message: undefined })).toEqual([]);
    expect(kindsOf({ message: sent })).toEqual([]);
  });
});

describe('the checker and membership', () => {
  it('R31: wants everybody in the list who was added, and nobody who was removed', () => {
    expect(kindsOf({ message: sent, participants: ['ann'] })).toEqual(['member lost']);
    expect(kindsOf({ message: sent, participants: ['ann', 'ben', 'cid'] })).toEqual(['member came back']);
    doDeed({ kind: 'add', by: 'ann', user: 'cid' }, 'unknown');
    for (const participants of [
      ['ann', 'ben'],
      ['ann', 'ben', 'cid'],
    ]) {
      expect(kindsOf({ message: sent, participants })).toEqual([]);
    }
    doDeed({ kind: 'add', by: 'ann', user: 'cid' });
    expect(kindsOf({ message: sent })).toEqual(['member lost']);
    doDeed({ kind: 'remove', by: 'ann', user: 'cid' });
    // The first addition has no answer yet: it may come behind the removal.
    expect(kindsOf({ message: sent, participants: ['ann', 'ben', 'cid'] })).toEqual([]);
    doDeed({ kind: 'remove', by: 'ann', user: 'ben' });
    expect(kindsOf({ message: sent })).toEqual(['member came back']);
  });

  it('R19: sees what a removed one was allowed to do', () => {
    doDeed({ kind: 'remove', by: 'ann', user: 'ben' });
    doDeed({ kind: 'receipt', by: 'ben', messageId: ID }, 'fail');
    expect(kindsOf({ message: sent, participants: ['ann'] })).toEqual([]);
    doDeed({ kind: 'add', by: 'ben', user: 'cid' });
    expect(kindsOf({ message: sent, participants: ['ann', 'cid'] })).toEqual(['access after its end']);
  });

  it('R45: sees pushes to somebody who is no member, and allows those that may have gone out before a removal', () => {
    const pushedToCid = [{ threadId: THREAD, id: ID, text: sent }];
    expect(kindsOf({ message: sent, pushedToCid })).toEqual(['push to a stranger']);
    const body = edit();
    const changes = [{ kind: 'edited', threadId: THREAD, id: ID, text: body } as const];
    expect(kindsOf({ message: body, changes })).toEqual(['push to a stranger']);
    doDeed({ kind: 'add', by: 'ann', user: 'cid' }, 'unknown');
    const after = edit();
    expect(kindsOf({ message: after, changes: [{ ...changes[0]!, text: after }] })).toEqual([]);
  });

  it('R34: sees pushes of changes that nobody made', () => {
    const change = { threadId: THREAD, id: ID, text: 'from nobody' };
    expect(kindsOf({ message: sent, changes: [{ kind: 'edited', ...change }] })).toEqual(['nobody sent it']);
    expect(kindsOf({ message: sent, changes: [{ kind: 'deleted', ...change }] })).toEqual(['nobody deleted it']);
  });
});

describe('the checker and read receipts', () => {
  const read = (messageId: string) => [{ user: 'ben', messageId }];

  it('R37: wants one for each reader, no older than the newest acknowledged', () => {
    doDeed({ kind: 'receipt', by: 'ben', messageId: '900' });
    expect(kindsOf({ message: sent, receipts: read('900') })).toEqual([]);
    doDeed({ kind: 'receipt', by: 'ben', messageId: ID });
    expect(kindsOf({ message: sent, receipts: read(ID) })).toEqual([]);
    expect(kindsOf({ message: sent, receipts: read('900') })).toEqual(['receipt lost']);
    expect(kindsOf({ message: sent })).toEqual(['receipt lost']);
    expect(kindsOf({ message: sent, receipts: [...read('900'), ...read(ID)] })).toEqual(['receipt twice']);
  });

  it('R37: wants none that nobody sent', () => {
    expect(kindsOf({ message: sent, receipts: read(ID) })).toEqual(['nobody sent the receipt']);
  });

  it('R37: lets a removal forget them', () => {
    doDeed({ kind: 'receipt', by: 'ben', messageId: ID });
    doDeed({ kind: 'remove', by: 'ann', user: 'ben' });
    expect(kindsOf({ message: sent, participants: ['ann'] })).toEqual([]);
  });
});
