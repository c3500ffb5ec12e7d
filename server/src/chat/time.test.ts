import { describe, expect, it } from 'vitest';
import { parseTime, wireSeconds } from './time.ts';

describe('a time of the wire', () => {
  it.each([
    ['2026-01-15T10:00:00Z', Date.UTC(2026, 0, 15, 10)],
    ['2026-01-15T10:00:00.1234567Z', Date.UTC(2026, 0, 15, 10, 0, 0, 123)],
    ['2026-01-15T10:00Z', Date.UTC(2026, 0, 15, 10)],
    ['2026-01-15t12:00:00+02:00', Date.UTC(2026, 0, 15, 10)],
    ['2026-01-15T12:00:00 02:00', Date.UTC(2026, 0, 15, 10)],
    ['2026-01-15T08:00:00-02:00', Date.UTC(2026, 0, 15, 10)],
  ])('%s', (text, ms) => {
    expect(parseTime(text, 'startTime')).toBe(ms);
  });

  it.each([
    '',
    'now',
    '2026-01-15',
    '2026-01-15T10:00:00',
    '2026-13-01T00:00:00Z',
    '2026-01-15T25:00:00Z',
    '1768471200000',
    '2026-01-15T10:00:00Z\n',
    'Thu, 15 Jan 2026 10:00:00 GMT',
  ])('%j is none', (text) => {
    expect(() => parseTime(text, 'startTime')).toThrow(expect.objectContaining({ status: 400, target: 'startTime' }));
  });

  it('is written in whole seconds', () => {
    expect(wireSeconds(Date.UTC(2026, 0, 15, 10, 0, 0, 999))).toBe('2026-01-15T10:00:00Z');
  });
});
