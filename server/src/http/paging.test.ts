import { describe, expect, it } from 'vitest';
import { nextLink } from './paging.ts';

describe('the link to the next page', () => {
  it('is absolute, keeps what the request asked for, and leaves out what it did not', () => {
    const link = nextLink({
      origin: 'https://localhost:8443',
      path: '/chat/threads/19%3Aa%40thread.v2/messages',
      apiVersion: '2025-03-15',
      query: { maxPageSize: 5, startTime: '2026-01-01T00:00:00+01:00', absent: undefined },
      syncState: 'a+b/c=&d',
    });
    const url = new URL(link);
    expect(url.origin + url.pathname).toBe('https://localhost:8443/chat/threads/19%3Aa%40thread.v2/messages');
    expect([...url.searchParams]).toEqual([
      ['syncState', 'a+b/c=&d'],
      ['maxPageSize', '5'],
      ['startTime', '2026-01-01T00:00:00+01:00'],
      ['api-version', '2025-03-15'],
    ]);
  });
});
