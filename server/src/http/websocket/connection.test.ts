import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Timers } from '../../lib/timers.ts';
import { clientFrame, HANDSHAKE, listen, MAX_BUFFERED_BYTES, textFrame } from './testing.ts';

describe('WebSocketConnection with a real client', () => {
  it.each([
    ['a short text', 'hello'],
    ['126 bytes', 'x'.repeat(126)],
    ['70,000 bytes', 'x'.repeat(70_000)],
    ['text beyond ASCII', 'zażółć 🙂'],
  ])('exchanges %s', async (_what, text) => {
    await using host = await listen({ onMessage: (received) => host.connection().sendText(received) });
    const client = await host.open();
    client.send(text);
    expect(await nextText(client)).toBe(text);
  });

  it('keeps the order of texts and joins fragments', async () => {
    await using host = await listen({});
    const client = await host.open();
    client.send('a');
    client.send('fra', { fin: false });
    client.send('gment', { fin: true });
    client.send('z'.repeat(70_000));
    client.send('end');
    await host.received(4);
    expect(host.messages).toEqual(['a', 'fragment', 'z'.repeat(70_000), 'end']);
  });

  it('writes everything of one turn at once, in order', async () => {
    await using host = await listen({});
    const client = await host.open();
    const texts: string[] = [];
    client.on('message', (data) => texts.push(textOf(data)));
    const write = vi.spyOn(host.socket(), 'write');
    for (let i = 0; i < 50; i++) host.connection().sendLatin1(`n${i}`);
    host.connection().sendText('ö');
    host.connection().ping();
    await once(client, 'ping');
    expect(write).toHaveBeenCalledTimes(1);
    expect(texts).toEqual([...Array.from({ length: 50 }, (_, i) => `n${i}`), 'ö']);
  });

  it('writes at once when flushed', async () => {
    await using host = await listen({});
    await host.open();
    const write = vi.spyOn(host.socket(), 'write');
    host.connection().sendLatin1('now');
    expect(host.connection().bufferedBytes).toBe(5);
    host.connection().flush();
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('accepts no compression', async () => {
    await using host = await listen({});
    const client = await host.open({ perMessageDeflate: true });
    expect(client.extensions).toBe('');
    client.send('x'.repeat(5_000));
    await host.received(1);
    expect(host.messages).toEqual(['x'.repeat(5_000)]);
  });

  it('answers pings', async () => {
    await using host = await listen({});
    const client = await host.open();
    client.ping('are you there');
    expect(String(await once(client, 'pong'))).toBe('are you there');
  });

  it.each<[string, number, (client: WebSocket) => void]>([
    ['binary data', 1003, (client) => client.send(Buffer.of(1))],
    ['text that is not UTF-8', 1007, (client) => client.send(Buffer.of(0xff), { binary: false })],
    ['a message over the bound', 1009, (client) => client.send('x'.repeat(100_001))],
  ])('refuses %s with %d', async (_what, code, offend) => {
    await using host = await listen({});
    const client = await host.open();
    offend(client);
    expect((await closeOf(client))[0]).toBe(code);
    expect((await host.closed)[0]).toBe(code);
    expect(host.messages).toEqual([]);
  });
});

describe('WebSocketConnection when it ends', () => {
  it.each([
    [1000, 'done'],
    [4001, 'bye'],
  ])('answers a close frame %d with the same code', async (code, reason) => {
    await using host = await listen({});
    const client = await host.open();
    client.close(code, reason);
    expect((await closeOf(client))[0]).toBe(code);
    expect(await host.closed).toEqual([code, reason]);
  });

  it('answers a close frame without a code', async () => {
    await using host = await listen({});
    const client = await host.open();
    client.close();
    expect((await closeOf(client))[0]).toBe(1005);
    expect(await host.closed).toEqual([1005, '']);
  });

  it('closes by itself, after what was sent before', async () => {
    await using host = await listen({});
    const client = await host.open();
    const text = nextText(client);
    host.connection().sendLatin1('last words');
    host.connection().close(1001, 'going away');
    expect(await closeOf(client)).toEqual([1001, 'going away']);
    expect(await text).toBe('last words');
    expect(await host.closed).toEqual([1001, 'going away']);
  });

  it('sends and delivers nothing once it closes', async () => {
    await using host = await listen({});
    const client = await host.openRaw();
    host.connection().close();
    expect(host.connection().sendLatin1('late')).toBe(false);
    client.write(textFrame('late'));
    client.write(clientFrame({ opcode: 8, payload: Buffer.of(3, 0xe8) }));
    client.resume();
    expect(await host.closed).toEqual([1000, '']);
    expect(host.messages).toEqual([]);
    expect(host.connection().sendText('later')).toBe(false);
  });

  it('does not wait for ever for the close frame of the peer', async () => {
    const timers = manualTimers();
    await using host = await listen({ timers });
    await host.openRaw();
    host.connection().close(1001, 'going away');
    timers.fire();
    expect(await host.closed).toEqual([1006, 'close timed out']);
    expect(host.socket().destroyed).toBe(true);
  });

  it('does not wait for ever for the end of a client that broke the protocol', async () => {
    const timers = manualTimers();
    await using host = await listen({ timers });
    const client = await host.openRaw({ allowHalfOpen: true });
    client.write(clientFrame({ opcode: 1, payload: Buffer.from('a'), masked: false }));
    client.resume();
    await once(client, 'end');
    expect(host.ends).toEqual([]);
    timers.fire();
    expect(host.ends).toEqual([[1002, 'frame not masked']]);
    expect(host.socket().destroyed).toBe(true);
  });

  it.each<[string, (client: Socket) => void]>([
    ['end', (client) => client.end()],
    ['reset', (client) => client.resetAndDestroy()],
  ])('reports a connection lost by %s', async (_how, lose) => {
    await using host = await listen({});
    lose(await host.openRaw());
    expect((await host.closed)[0]).toBe(1006);
    expect(host.socket().destroyed).toBe(true);
  });

  it('reports its end once', async () => {
    await using host = await listen({});
    await host.open();
    host.connection().terminate('first');
    host.connection().terminate('second');
    host.connection().close();
    await once(host.socket(), 'close');
    expect(host.ends).toEqual([[1006, 'first']]);
  });

  it('closes with 1011 when its handler fails, and survives a failing close handler', async () => {
    const fail = (): never => {
      throw new Error('planted');
    };
    await using host = await listen({ onMessage: fail, onClose: fail });
    const client = await host.open();
    client.send('boom');
    client.send('again');
    expect((await closeOf(client))[0]).toBe(1011);
  });
});

describe('WebSocketConnection with a hostile client', () => {
  it('reads what came together with the handshake', async () => {
    await using host = await listen({});
    const client = connect(host.port);
    client.write(Buffer.concat([Buffer.from(HANDSHAKE), textFrame('early')]));
    await host.received(1);
    expect(host.messages).toEqual(['early']);
  });

  it('cuts a client that never reads and frees what waited for it', async () => {
    await using host = await listen({});
    await host.openRaw();
    const connection = host.connection();
    while (connection.sendLatin1('x'.repeat(10_000))) {
      expect(connection.bufferedBytes).toBeLessThanOrEqual(MAX_BUFFERED_BYTES);
      await nextTurn();
    }
    expect(host.ends).toEqual([[1006, 'slow reader']]);
    await once(host.socket(), 'close');
    expect(connection.bufferedBytes).toBe(0);
  });

  it('does not take a burst for a slow reader while the system takes it', async () => {
    await using host = await listen({ maxBufferedBytes: 10_000 });
    const client = await host.open();
    for (let i = 0; i < 20; i++) expect(host.connection().sendLatin1('x'.repeat(2_000))).toBe(true);
    host.connection().close();
    expect((await closeOf(client))[0]).toBe(1000);
  });

  it('lets no pongs pile up for a client that pings but does not read, and still answers its newest ping', async () => {
    await using host = await listen({});
    const client = await host.openRaw();
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => clientFrame({ opcode: 9, payload: Buffer.alloc(125) })));
    let mostBuffered = 0;
    for (let i = 0; i < 150; i++) {
      if (!client.write(flood)) await once(client, 'drain');
      mostBuffered = Math.max(mostBuffered, host.connection().bufferedBytes);
    }
    client.write(Buffer.concat([clientFrame({ opcode: 9, payload: Buffer.from('newest') }), textFrame('done')]));
    await host.received(1);
    expect(mostBuffered).toBeGreaterThan(0);
    expect(mostBuffered).toBeLessThan(200_000);
    let tail = '';
    for await (const chunk of client) {
      tail = (tail + String(chunk)).slice(-100);
      if (tail.endsWith('newest')) break;
    }
    expect(host.ends).toEqual([]);
  });
});

describe('refuseUpgrade', () => {
  it('answers and lets go of the socket', async () => {
    await using host = await listen({});
    const client = connect(host.port);
    client.write(HANDSHAKE.replace('Version: 13', 'Version: 12'));
    let answer = '';
    for await (const chunk of client) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 426 /);
    expect(answer).toMatch(/\r\n\r\n\{"error":\{.*\}\}$/);
  });
});

function manualTimers(): Timers & { fire(): void } {
  const waiting = new Set<() => void>();
  return {
    monotonicMs: () => 0,
    after(_delayMs, action) {
      waiting.add(action);
      return { cancel: () => waiting.delete(action) };
    },
    every: () => ({ cancel: () => undefined }),
    fire() {
      for (const action of waiting) action();
    },
  };
}

async function nextText(client: WebSocket): Promise<string> {
  const data: readonly unknown[] = await once(client, 'message');
  return textOf(data[0]);
}

async function closeOf(client: WebSocket): Promise<[code: number, reason: string]> {
  const details: readonly unknown[] = await once(client, 'close');
  return [Number(details[0]), String(details[1])];
}

function textOf(data: unknown): string {
  if (!Buffer.isBuffer(data)) throw new Error('not one buffer');
  return data.toString();
}
