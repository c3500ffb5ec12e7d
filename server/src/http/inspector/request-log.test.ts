import { getStatus, sendChatMessage, type RequestRecord } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../lib/errors.ts';
import { ManualTimers } from '../../lib/testing.ts';
import { FewResources } from '../testing.ts';
import type { RequestEntry } from './request-entry.ts';
import { RequestLog } from './request-log.ts';

const CAPACITY = 5_000;
const MAX_WAITING = 64;
const MEBIBYTE = 1_048_576;
const START_MS = Date.UTC(2026, 0, 15, 10);

function entry(no: number, changes: Partial<RequestEntry> = {}): RequestEntry {
  return {
    id: `r${no}`,
    answeredAtMs: START_MS,
    durationMs: 1,
    method: 'GET',
    target: '/',
    status: 200,
    operation: undefined,
    caller: undefined,
    refusal: undefined,
    traffic: undefined,
    ...changes,
  };
}

function openLog() {
  const timers = new ManualTimers();
  return { timers, log: new RequestLog({ timers, inspect: true }) };
}

function ids(records: readonly RequestRecord[]): string[] {
  return records.map(({ id }) => id);
}

describe('the request log', () => {
  it('finds by id and lists the newest first', () => {
    const { log } = openLog();
    for (let no = 0; no < 5; no++) log.add(entry(no));
    expect(log.find('r3')).toMatchObject({ id: 'r3', time: '2026-01-15T10:00:00.000Z', inspection: 'dropped' });
    expect(log.find('r9')).toBeUndefined();
    expect(ids(log.list({ limit: 3, filter: {} }).value)).toEqual(['r4', 'r3', 'r2']);
    expect(ids(log.list({ limit: 99, filter: {} }).value)).toHaveLength(5);
  });

  it('keeps the last 5,000, whatever came before', () => {
    const { log } = openLog();
    for (let no = 0; no < CAPACITY + 7; no++) log.add(entry(no));
    const all = log.list({ limit: 2 * CAPACITY, filter: {} }).value;
    expect(all).toHaveLength(CAPACITY);
    expect([all[0]?.id, all.at(-1)?.id]).toEqual([`r${CAPACITY + 6}`, 'r7']);
    expect(log.find('r6')).toBeUndefined();
    expect(log.find('r7')).toBeDefined();
  });

  it('does not remember what is asked again and again, unless it was refused', () => {
    const { log } = openLog();
    log.add(entry(1, { operation: getStatus }));
    log.add(entry(2, { operation: getStatus, status: 401 }));
    expect(ids(log.list({ limit: 9, filter: {} }).value)).toEqual(['r2']);
  });

  it('lists what is newer than a request, and counts what did not fit', () => {
    const { log } = openLog();
    for (let no = 0; no < 6; no++) log.add(entry(no));
    expect(log.list({ limit: 2, filter: {}, after: 'r1' })).toMatchObject({ value: [{ id: 'r5' }, { id: 'r4' }], leftOut: 2 });
    expect(log.list({ limit: 9, filter: {}, after: 'r5' })).toEqual({ value: [], leftOut: 0 });
    expect(ids(log.list({ limit: 9, filter: {}, after: 'forgotten' }).value)).toHaveLength(6);
  });

  it('forgets', () => {
    const { log } = openLog();
    log.add(entry(1));
    log.clear();
    expect(log.find('r1')).toBeUndefined();
    expect(log.list({ limit: 9, filter: {} }).value).toEqual([]);
    log.add(entry(2));
    expect(ids(log.list({ limit: 9, filter: {} }).value)).toEqual(['r2']);
  });

  it('keeps headers and bodies of at most 8 MB, those of the newest', () => {
    const { log } = openLog();
    const traffic = () => ({
      requestHeaders: ['a', 'x'.repeat(MEBIBYTE)],
      requestBody: undefined,
      responseHeaders: [],
      responseBody: undefined,
    });
    for (let no = 0; no < 12; no++) log.add(entry(no, { traffic: traffic() }));
    const kept = Array.from({ length: 12 }, (_, no) => log.find(`r${no}`)?.inspection === 'on');
    expect(kept).toEqual([...new Array<boolean>(5).fill(false), ...new Array<boolean>(7).fill(true)]);
    log.clear();
    for (let no = 20; no < 27; no++) log.add(entry(no, { traffic: traffic() }));
    expect(log.find('r20')?.inspection).toBe('on');
  });
});

describe('a filter', () => {
  const resource = new FewResources(['local']).named('local');
  const caller = { kind: 'accessKey', resource, slot: 'primary', keyVersion: 1 } as const;
  const refusal = new ApiError('Unauthorized', 'It ended.', { explanation: { rule: 'token.expired', cure: '', caller: '8:acs:ann' } });
  const { log } = openLog();
  log.add(entry(1, { operation: sendChatMessage, method: 'POST', target: '/chat/threads/19%3Aabc%40thread.v2/messages?a=1', caller }));
  log.add(entry(2, { status: 401, refusal, target: '/chat/threads' }));
  log.add(entry(3, { status: 503, target: '/admin/clock' }));
  log.add(entry(4, { target: '/portal/assets/x.js' }));
  log.add(entry(5, { target: '//chat/config', status: 404 }));
  log.add(entry(6, { target: '/administrators' }));

  it.each([
    [{ method: 'post' }, ['r1']],
    [{ operation: 'ChatThread_SendChatMessage' }, ['r1']],
    [{ status: '4xx' }, ['r5', 'r2']],
    [{ status: '404' }, ['r5']],
    [{ refused: true }, ['r5', 'r3', 'r2']],
    [{ refused: false }, ['r6', 'r5', 'r4', 'r3', 'r2', 'r1']],
    [{ path: '19:abc@thread' }, ['r1']],
    [{ path: '19%3Aabc' }, ['r1']],
    [{ path: 'a=1' }, []],
    [{ caller: 'ann' }, ['r2']],
    [{ caller: 'accessKey' }, ['r1']],
    [{ resource: 'local' }, ['r1']],
    [{ rule: 'token.expired' }, ['r2']],
    [{ admin: false }, ['r6', 'r5', 'r2', 'r1']],
    [{ admin: false, refused: true, path: 'config' }, ['r5']],
  ])('%j', (filter, expected) => {
    expect(ids(log.list({ limit: 9, filter }).value)).toEqual(expected);
  });
});

describe('a wait for requests', () => {
  const waiting = (waitMs: number) => ({ waitMs, whenOver: () => undefined });

  it('ends with the first that matches', async () => {
    const { log, timers } = openLog();
    log.add(entry(0, { status: 404 }));
    const found = log.listWhenAny({ filter: { refused: true }, limit: 9, after: 'r0' }, waiting(10_000));
    log.add(entry(1));
    log.add(entry(2, { status: 404 }));
    expect(ids((await found).value)).toEqual(['r2']);
    expect(timers.waiting).toBe(0);
  });

  it('does not begin where there is something already, or no time', async () => {
    const { log, timers } = openLog();
    expect(await log.listWhenAny({ filter: {}, limit: 9 }, waiting(0))).toEqual({ value: [], leftOut: 0 });
    log.add(entry(1));
    expect(ids((await log.listWhenAny({ filter: {}, limit: 9 }, waiting(10_000))).value)).toEqual(['r1']);
    expect(timers.waiting).toBe(0);
  });

  it('ends when its time is over, when its client goes, and when the server stops', async () => {
    const { log, timers } = openLog();
    const timed = log.listWhenAny({ filter: {}, limit: 9 }, waiting(5_000));
    timers.advance(5_000);
    expect((await timed).value).toEqual([]);
    let leave = (): void => undefined;
    const left = log.listWhenAny({ filter: {}, limit: 9 }, { waitMs: 5_000, whenOver: (end) => (leave = end) });
    leave();
    expect((await left).value).toEqual([]);
    const stopped = log.listWhenAny({ filter: {}, limit: 9 }, waiting(5_000));
    log.endWaits();
    expect((await stopped).value).toEqual([]);
    expect((await log.listWhenAny({ filter: {}, limit: 9 }, waiting(5_000))).value).toEqual([]);
    expect(timers.waiting).toBe(0);
  });

  it('is refused where 64 wait', async () => {
    const { log } = openLog();
    const waits = Array.from({ length: MAX_WAITING }, () => log.listWhenAny({ filter: {}, limit: 9 }, waiting(5_000)));
    await expect(log.listWhenAny({ filter: {}, limit: 9 }, waiting(5_000))).rejects.toMatchObject({ status: 503 });
    log.add(entry(1));
    expect((await Promise.all(waits)).every(({ value }) => value.length === 1)).toBe(true);
    log.endWaits();
  });
});
