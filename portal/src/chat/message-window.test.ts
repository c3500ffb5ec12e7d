import { describe, expect, it } from 'vitest';
import type { Page, WireMessage } from './chat-api.ts';
import { withNewest, withOlder } from './message-window.ts';
import type { MessageWindow } from './message-window.ts';

function page(ids: readonly number[], nextLink?: string): Page<WireMessage> {
  const common = { chatThreadId: '19:t@thread.v2', type: 'text', createdOn: '2026-11-22T10:00:00Z' };
  const value = ids.map((id) => ({ ...common, id: String(id), sequenceId: String(id), version: String(id) }));
  return { value, ...(nextLink === undefined ? {} : { nextLink }) };
}

function idsOf({ messages, older }: MessageWindow): { readonly ids: readonly number[]; readonly older: string | undefined } {
  return { ids: messages.map(({ id }) => Number(id)), older };
}

describe('the messages that are shown', () => {
  const first = withNewest(undefined, page([9, 8, 7], 'before 7'));

  it('begin with the newest page, oldest first', () => {
    expect(idsOf(first)).toEqual({ ids: [7, 8, 9], older: 'before 7' });
  });

  it('grow at both ends', () => {
    const grown = withNewest(withOlder(first, page([6, 5, 4], 'before 4')), page([10, 9, 8], 'before 8'));
    expect(idsOf(grown)).toEqual({ ids: [4, 5, 6, 7, 8, 9, 10], older: 'before 4' });
    expect(idsOf(withOlder(grown, page([3])))).toEqual({ ids: [3, 4, 5, 6, 7, 8, 9, 10], older: undefined });
  });

  it('never have a gap: where more came than a page holds, they begin anew', () => {
    expect(idsOf(withNewest(first, page([30, 29, 28], 'before 28')))).toEqual({ ids: [28, 29, 30], older: 'before 28' });
  });

  it('lose what has ended', () => {
    expect(idsOf(withNewest(first, page([9, 8])))).toEqual({ ids: [8, 9], older: undefined });
    expect(idsOf(withNewest(first, page([9, 7], 'before 7')))).toEqual({ ids: [7, 9], older: 'before 7' });
    expect(idsOf(withNewest(first, page([])))).toEqual({ ids: [], older: undefined });
  });
});
