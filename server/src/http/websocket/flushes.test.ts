import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { ManualTimers } from '../../lib/testing.ts';
import { listen } from './testing.ts';

/** The texts that a client receives, as they come. */
function textsOf(client: WebSocket): readonly string[] {
  const texts: string[] = [];
  client.on('message', (data: Buffer) => texts.push(data.toString()));
  return texts;
}

describe('a message that nobody waits for', () => {
  it('travels along with the next one, in its place', async () => {
    const timers = new ManualTimers();
    await using host = await listen({ timers });
    const client = await host.open();
    const texts = textsOf(client);
    const write = vi.spyOn(host.socket(), 'write');
    host.connection().sendAlong('first');
    await nextTurn();
    expect(write).not.toHaveBeenCalled();
    host.connection().sendLatin1('second');
    while (texts.length < 2) await once(client, 'message');
    expect(texts).toEqual(['first', 'second']);
    timers.advance(1_000);
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('is sent by itself when nothing follows', async () => {
    const timers = new ManualTimers();
    await using host = await listen({ timers });
    const client = await host.open();
    const texts = textsOf(client);
    host.connection().sendAlong('alone');
    timers.advance(199);
    expect(host.connection().bufferedBytes).toBeGreaterThan(0);
    timers.advance(1);
    while (texts.length < 1) await once(client, 'message');
    expect(texts).toEqual(['alone']);
    host.connection().close();
    expect(host.connection().sendAlong('late')).toBe(false);
  });
});
