import { describe, expect, it } from 'vitest';
import { ManualTimers } from '../../lib/testing.ts';
import { drain } from './drain.ts';
import { LiveConnection } from './live-connection.ts';

const grant = {
  identity: '8:acs:a',
  resourceId: 'r',
  scopes: ['chat'],
  expiresAtMs: 0,
  generation: 0,
  keySlot: 'primary',
  keyVersion: 1,
} as const;

/** Connections that count how many of them were asked to go. */
function connections(count: number): { readonly all: LiveConnection[]; readonly asked: () => number } {
  let asked = 0;
  const all = Array.from({ length: count }, (_, i) => {
    const connection = new LiveConnection({ ccid: `c${i}`, grant, monotonicMs: () => 0 });
    const sendLatin1 = (packet: string): boolean => {
      expect(packet).toBe('5:::{"name":"trouter.reconnect","args":[{"target":"self"}]}');
      asked += 1;
      return true;
    };
    connection.open({ sendLatin1, sendAlong: sendLatin1, freeze: () => undefined, close: () => undefined, terminate: () => undefined }, []);
    return connection;
  });
  return { all, asked: () => asked };
}

describe('drain', () => {
  it('asks everybody once, spread over the first half of the time', async () => {
    const timers = new ManualTimers();
    const { all, asked } = connections(1_000);
    let isOver = false;
    const over = drain({ timers, connections: all, durationMs: 10_000 }).then(() => (isOver = true));
    expect(asked()).toBe(0);
    timers.advance(50);
    expect(asked()).toBe(10);
    timers.advance(2_450);
    expect(asked()).toBe(500);
    timers.advance(2_500);
    expect(asked()).toBe(1_000);
    timers.advance(4_999);
    await Promise.resolve();
    expect(isOver).toBe(false);
    timers.advance(1);
    await over;
    expect(asked()).toBe(1_000);
    expect(timers.waiting).toBe(0);
  });

  it('asks everybody, however short the time', async () => {
    const timers = new ManualTimers();
    const { all, asked } = connections(3);
    const over = drain({ timers, connections: all, durationMs: 1 });
    timers.advance(1);
    await over;
    expect(asked()).toBe(3);
  });
});
