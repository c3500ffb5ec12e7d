import { describe, expect, it } from 'vitest';
import { ManualTimers } from '../../lib/testing.ts';
import { Arrivals } from './arrivals.ts';
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

class Scene {
  readonly timers = new ManualTimers();
  readonly arrivals = new Arrivals(this.timers);
  readonly ended: string[] = [];

  connection(ccid: string): LiveConnection {
    const connection = new LiveConnection({ ccid, grant, monotonicMs: () => this.timers.monotonicMs() });
    const ignore = (): undefined => undefined;
    connection.open(
      { sendLatin1: () => true, sendAlong: () => true, freeze: ignore, close: ignore, terminate: () => this.ended.push(ccid) },
      [],
    );
    return connection;
  }

  arriving(ccid: string): LiveConnection {
    const connection = this.connection(ccid);
    this.arrivals.add(connection);
    return connection;
  }
}

describe('Arrivals', () => {
  it('hands out what came before the registration, once and in order', () => {
    const scene = new Scene();
    const { arrivals } = scene;
    const connection = scene.arriving('a');
    for (const tail of ['1', '2', '3']) arrivals.hold(connection, tail);
    expect(arrivals.release(connection, undefined)).toEqual(['1', '2', '3']);
    expect(arrivals.has(connection)).toBe(false);
    arrivals.hold(connection, '4');
    expect(arrivals.release(connection, undefined)).toEqual([]);
  });

  it('drops what a connection of the same registration got and answered', () => {
    const scene = new Scene();
    const previous = scene.connection('old');
    const connection = scene.arriving('new');
    scene.timers.advance(10);
    scene.arrivals.hold(connection, '1');
    scene.timers.advance(10);
    previous.heard();
    expect(scene.arrivals.release(connection, previous)).toEqual([]);
  });

  it('keeps what a connection of the same registration did not answer', () => {
    const scene = new Scene();
    const previous = scene.connection('dead');
    const connection = scene.arriving('new');
    scene.timers.advance(10);
    scene.arrivals.hold(connection, '1');
    expect(scene.arrivals.release(connection, previous)).toEqual(['1']);
  });

  it('forgets after 20 seconds, the others not', () => {
    const scene = new Scene();
    const early = scene.arriving('early');
    scene.arrivals.hold(early, '1');
    scene.timers.advance(10_000);
    const late = scene.arriving('late');
    scene.timers.advance(10_000);
    scene.arrivals.sweep();
    expect([early, late].map((connection) => scene.arrivals.has(connection))).toEqual([false, true]);
    scene.timers.advance(10_000);
    scene.arrivals.sweep();
    expect(scene.arrivals.has(late)).toBe(false);
  });

  it('ends a connection for which too much waits', () => {
    const scene = new Scene();
    const connection = scene.arriving('slow');
    for (let i = 0; i < 20; i++) scene.arrivals.hold(connection, 'x'.repeat(50_000));
    expect(scene.ended).toEqual([]);
    scene.arrivals.hold(connection, 'x'.repeat(50_000));
    expect(scene.ended).toEqual(['slow']);
  });
});
