import { describe, expect, it } from 'vitest';
import { RequestLog, type RequestRecord } from './request-log.ts';

const CAPACITY = 5_000;

function record(no: number, status = 200): RequestRecord {
  return { id: `r${no}`, time: '2026-01-15T10:00:00.000Z', method: 'GET', path: '/', status, durationMs: 1 };
}

function ids(records: readonly RequestRecord[]): string[] {
  return records.map(({ id }) => id);
}

describe('the request log', () => {
  it('finds by id and lists the newest first', () => {
    const log = new RequestLog();
    for (let no = 0; no < 5; no++) log.add(record(no));
    expect(log.find('r3')).toEqual(record(3));
    expect(log.find('r9')).toBeUndefined();
    expect(ids(log.list({ limit: 3, refusedOnly: false }))).toEqual(['r4', 'r3', 'r2']);
    expect(ids(log.list({ limit: 99, refusedOnly: false }))).toHaveLength(5);
  });

  it('keeps the last 5,000, whatever came before', () => {
    const log = new RequestLog();
    for (let no = 0; no < CAPACITY + 7; no++) log.add(record(no));
    const all = log.list({ limit: 2 * CAPACITY, refusedOnly: false });
    expect(all).toHaveLength(CAPACITY);
    expect([all[0]?.id, all.at(-1)?.id]).toEqual([`r${CAPACITY + 6}`, 'r7']);
    expect(log.find('r6')).toBeUndefined();
    expect(log.find('r7')).toBeDefined();
  });

  it('lists refusals alone', () => {
    const log = new RequestLog();
    for (const [no, status] of [200, 404, 204, 401, 503, 399].entries()) log.add(record(no, status));
    expect(ids(log.list({ limit: 2, refusedOnly: true }))).toEqual(['r4', 'r3']);
  });

  it('forgets', () => {
    const log = new RequestLog();
    log.add(record(1));
    log.clear();
    expect(log.find('r1')).toBeUndefined();
    expect(log.list({ limit: 9, refusedOnly: false })).toEqual([]);
    log.add(record(2));
    expect(ids(log.list({ limit: 9, refusedOnly: false }))).toEqual(['r2']);
  });
});
