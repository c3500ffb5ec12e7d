import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Backlog } from '../../lib/backlog.ts';
import { ManualTimers } from '../../lib/testing.ts';
import { decodePayload } from './packet.ts';
import { PollingTransport } from './polling-transport.ts';

const MAX_BUFFERED_BYTES = 10_000;

class Scene {
  readonly timers = new ManualTimers();
  ends = 0;
  /** What the client of each poll calls when it goes, in the order of the polls. */
  readonly goes: (() => void)[] = [];
  readonly transport: PollingTransport;

  constructor(bounds: { readonly backlog?: Backlog; readonly maxBufferedBytes?: number } = {}) {
    this.transport = new PollingTransport({
      timers: this.timers,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      backlog: new Backlog(Infinity),
      ...bounds,
      onClose: () => {
        this.ends += 1;
      },
    });
  }

  async poll(): Promise<readonly string[]> {
    const payload = decodePayload(await this.transport.poll((go) => this.goes.push(go)));
    if (!payload.ok) throw new Error(payload.reason);
    return payload.packets;
  }
}

describe('PollingTransport', () => {
  it('keeps what comes between two polls, and hands it out once and in order', async () => {
    const scene = new Scene();
    expect(['a', 'b', 'c'].map((packet) => scene.transport.sendLatin1(packet))).toEqual([true, true, true]);
    expect(await scene.poll()).toEqual(['a', 'b', 'c']);
    const next = scene.poll();
    scene.transport.sendLatin1('d');
    expect(await next).toEqual(['d']);
  });

  it('lets travel together what is sent in one turn', async () => {
    const scene = new Scene();
    const waiting = scene.poll();
    for (const packet of ['a', 'b', 'c']) scene.transport.sendLatin1(packet);
    expect(await waiting).toEqual(['a', 'b', 'c']);
  });

  it('answers with nothing after 25 seconds of silence', async () => {
    const scene = new Scene();
    const waiting = scene.poll();
    scene.timers.advance(24_999);
    scene.transport.sendLatin1('late');
    expect(await waiting).toEqual(['late']);
    const silent = scene.poll();
    scene.timers.advance(25_000);
    expect(await silent).toEqual(['8::']);
    expect(scene.timers.waiting).toBe(0);
  });

  it('gives the newest poll what comes, and answers the one before with nothing', async () => {
    const scene = new Scene();
    const first = scene.poll();
    const second = scene.poll();
    expect(await first).toEqual(['8::']);
    scene.transport.sendLatin1('a');
    expect(await second).toEqual(['a']);
  });

  it('keeps what comes after the client of a poll has gone', async () => {
    const scene = new Scene();
    void scene.poll();
    scene.goes[0]?.();
    scene.transport.sendLatin1('a');
    await nextTurn();
    expect(await scene.poll()).toEqual(['a']);
    scene.goes[1]?.();
    expect(scene.ends).toBe(0);
  });

  it('ends when more waits than it may hold, and holds nothing then', () => {
    const scene = new Scene();
    let accepted = 0;
    while (scene.transport.sendLatin1('x'.repeat(1_000))) accepted += 1;
    expect(accepted).toBe(9);
    expect(scene.ends).toBe(1);
    expect(scene.transport.sendLatin1('more')).toBe(false);
  });

  it('counts many small packets for more than their characters', () => {
    const scene = new Scene();
    let accepted = 0;
    while (scene.transport.sendLatin1('')) accepted += 1;
    expect(accepted).toBeLessThan(MAX_BUFFERED_BYTES / 30);
  });

  it('is ended below its own bound when too much waits for all together, and then counts no more', () => {
    const backlog = new Backlog(50_000);
    const scene = new Scene({ backlog, maxBufferedBytes: 40_000 });
    const other = new Scene({ backlog, maxBufferedBytes: 40_000 });
    for (let i = 0; i < 30; i++) scene.transport.sendLatin1('x'.repeat(1_000));
    for (let i = 0; i < 25; i++) other.transport.sendLatin1('x'.repeat(1_000));
    expect([scene.ends, other.ends]).toEqual([1, 0]);
    expect(scene.transport.sendLatin1('late')).toBe(false);
    expect(backlog.bytes).toBe(other.transport.bufferedBytes);
  });

  it('counts no more what a poll took away', async () => {
    const backlog = new Backlog(Infinity);
    const scene = new Scene({ backlog, maxBufferedBytes: 40_000 });
    for (let i = 0; i < 30; i++) scene.transport.sendLatin1('x'.repeat(1_000));
    expect(backlog.bytes).toBeGreaterThan(30_000);
    await scene.poll();
    expect(backlog.bytes).toBe(0);
  });

  it('does not take a burst for a slow client while a poll waits', async () => {
    const scene = new Scene();
    const waiting = scene.poll();
    for (let i = 0; i < 11; i++) scene.transport.sendLatin1('x'.repeat(1_000));
    expect(await waiting).toHaveLength(10);
    expect(await scene.poll()).toHaveLength(1);
    expect(scene.ends).toBe(0);
  });

  it('is closed after its last words were fetched, by the poll that waits', async () => {
    const scene = new Scene();
    const waiting = scene.poll();
    scene.transport.sendLatin1('a');
    scene.transport.sendLatin1('0:::dup');
    scene.transport.close(1001);
    expect(scene.ends).toBe(1);
    expect(await waiting).toEqual(['a', '0:::dup']);
    expect(scene.timers.waiting).toBe(0);
  });

  it('is closed after its last words were fetched, by the next poll', async () => {
    const scene = new Scene();
    scene.transport.close(1001);
    expect(scene.ends).toBe(0);
    expect(scene.transport.sendLatin1('late')).toBe(false);
    expect(await scene.poll()).toEqual(['0::']);
    expect(scene.ends).toBe(1);
    expect(scene.timers.waiting).toBe(0);
  });

  it('is closed at once when its client took its leave', () => {
    const scene = new Scene();
    scene.transport.close(1000);
    expect(scene.ends).toBe(1);
    expect(scene.timers.waiting).toBe(0);
  });

  it('does not wait for ever for somebody to fetch its last words', () => {
    const scene = new Scene();
    scene.transport.close(1001);
    scene.timers.advance(2_000);
    expect(scene.ends).toBe(1);
  });

  it('lets a waiting poll go when it is terminated, and tells its end once', async () => {
    const scene = new Scene();
    const waiting = scene.poll();
    scene.transport.terminate();
    expect(await waiting).toEqual(['0::']);
    scene.transport.terminate();
    scene.transport.close(1001);
    expect(scene.ends).toBe(1);
    expect(scene.timers.waiting).toBe(0);
  });
});
