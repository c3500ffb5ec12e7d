import { describe, expect, it } from 'vitest';
import { appendLog, logLimit } from './event-log.ts';
import type { LogEntry } from './event-log.ts';
import { journey } from './journey.ts';
import { initialPageState, pageReducer } from './page-state.ts';
import type { PageAction, PageState } from './page-state.ts';

function done(state: PageState): readonly string[] {
  return journey(state)
    .filter((step) => step.done)
    .map((step) => step.title);
}

describe('journey', () => {
  it('has seven steps, of which the resource is there from the start', () => {
    expect(journey(initialPageState)).toHaveLength(7);
    expect(done(initialPageState)).toEqual(['Resource']);
  });

  it('advances with both users', () => {
    const chat = (who: 'alice' | 'bob'): PageAction => ({ type: 'chat', who, action: { type: 'connection', connection: 'live' } });
    const users = pageReducer(initialPageState, { type: 'users', alice: '8:acs:a', bob: '8:acs:b' });
    const half = pageReducer(users, chat('alice'));
    expect(done(half)).toEqual(['Resource', 'Users and tokens']);
    expect(done(pageReducer(half, chat('bob')))).toEqual(['Resource', 'Users and tokens', 'Chat clients', 'Real-time events']);
  });
});

describe('appendLog', () => {
  it('puts the newest first, numbers on, and forgets the oldest', () => {
    let log: readonly LogEntry[] = [];
    for (let n = 0; n < logLimit + 2; n += 1) log = appendLog(log, { kind: 'event', who: 'alice', name: `e${n}` }, new Date(0));
    expect(log).toHaveLength(logLimit);
    expect(log[0]).toMatchObject({ id: logLimit + 2, name: `e${logLimit + 1}` });
    expect(log.at(-1)).toMatchObject({ id: 3 });
  });
});
