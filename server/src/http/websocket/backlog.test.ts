import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Backlog } from '../../lib/backlog.ts';
import { listen, MAX_BUFFERED_BYTES } from './testing.ts';

describe('a WebSocketConnection among many that share a bound', () => {
  it('is cut below its own bound when too much waits for all together, and then counts no more', async () => {
    const backlog = new Backlog(MAX_BUFFERED_BYTES / 2);
    await using host = await listen({ backlog });
    await host.openRaw();
    const connection = host.connection();
    while (connection.sendLatin1('x'.repeat(10_000))) {
      connection.flush();
      expect(backlog.bytes).toBeLessThanOrEqual(MAX_BUFFERED_BYTES / 2);
    }
    expect(host.ends).toEqual([[1006, 'slow reader']]);
    expect(backlog.bytes).toBe(0);
  });

  it('counts no more once its client has read everything', async () => {
    const backlog = new Backlog(Infinity);
    await using host = await listen({ backlog });
    const client = await host.openRaw();
    const connection = host.connection();
    while (backlog.bytes === 0) {
      connection.sendLatin1('x'.repeat(10_000));
      connection.flush();
    }
    client.resume();
    await once(host.socket(), 'drain');
    expect(backlog.bytes).toBe(0);
    expect(host.ends).toEqual([]);
  });
});
