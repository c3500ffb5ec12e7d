import { describe, expect, it } from 'vitest';
import { message } from '../pdu/testing.ts';
import type { Reply } from './session-options.ts';
import { openBound, openScene } from './testing.ts';

const DELIVER = message({ command: 'deliver_sm' });

describe('taking leave', () => {
  it('waits for what is on its way in both directions', async () => {
    const held = Promise.withResolvers<Reply>();
    await using scene = await openBound({ onRequest: () => held.promise, limits: { window: 1 } });
    const outcomes = [1, 2].map(() => scene.session.request(DELIVER));
    const { sequence } = await scene.peer.next();
    scene.peer.tell({ body: message(), sequence: 5 }, { body: { command: 'enquire_link' }, sequence: 6 });
    await scene.peer.next();
    const left = scene.session.unbind();
    expect(await outcomes[1]).toEqual({ kind: 'unsent', reason: 'the session is being unbound' });
    expect(scene.session.bound).toBeUndefined();
    scene.peer.tell({ body: { command: 'deliver_sm_resp', messageId: '' }, sequence });
    expect((await outcomes[0])?.kind).toBe('accepted');
    held.resolve({ status: 0 });
    const [answer, unbind] = await scene.peer.take(2);
    expect(answer).toMatchObject({ sequence: 5, body: { command: 'submit_sm_resp' } });
    expect(unbind).toMatchObject({ body: { command: 'unbind' } });
    scene.peer.tell({ body: { command: 'unbind_resp' }, sequence: unbind!.sequence });
    await left;
    expect(await scene.ended).toEqual({ kind: 'unbound', reason: 'unbound' });
    expect(await scene.peer.rest()).toEqual([]);
  });

  it('does not wait for ever for anything', async () => {
    await using scene = await openBound({
      limits: { responseTimeoutMs: 500, enquireLinkMs: 1_000_000 },
      onRequest: () => new Promise<Reply>(() => undefined),
    });
    scene.peer.tell({ body: message() }, { body: { command: 'enquire_link' } });
    await scene.peer.next();
    const left = scene.session.unbind();
    scene.timers.advance(500);
    expect(await scene.peer.next()).toMatchObject({ body: { command: 'unbind' } });
    scene.timers.advance(500);
    await left;
    expect((await scene.ended).kind).toBe('unbound');
    scene.timers.advance(2_000);
    expect(scene.socket.destroyed).toBe(true);
  });

  it('is answered when the other side does, after what it asked before', async () => {
    const held = Promise.withResolvers<Reply>();
    await using scene = await openBound({ onRequest: () => held.promise });
    scene.peer.tell({ body: message(), sequence: 5 }, { body: { command: 'unbind' }, sequence: 6 });
    scene.peer.tell({ body: { command: 'enquire_link' }, sequence: 7 });
    expect(await scene.peer.next()).toMatchObject({ sequence: 7 });
    expect((await scene.session.request(DELIVER)).kind).toBe('unsent');
    held.resolve({ status: 0 });
    expect((await scene.peer.take(2)).map(({ sequence }) => sequence)).toEqual([5, 6]);
    expect(await scene.ended).toEqual({ kind: 'unbound', reason: 'the other side unbound' });
  });

  it('of both sides at once ends well', async () => {
    await using scene = await openBound();
    const left = scene.session.unbind();
    const { sequence } = await scene.peer.next();
    scene.peer.tell({ body: { command: 'unbind' }, sequence: 9 }, { body: { command: 'unbind_resp' }, sequence });
    await left;
    expect(await scene.peer.rest()).toMatchObject([{ sequence: 9, body: { command: 'unbind_resp' } }]);
    expect((await scene.ended).kind).toBe('unbound');
  });

  it('without a bind is closing', async () => {
    await using scene = await openScene();
    await scene.session.unbind();
    expect(await scene.peer.rest()).toEqual([]);
  });
});

describe('a session that is over', () => {
  it('sends nothing, takes nothing, and ends once', async () => {
    const ends: string[] = [];
    await using scene = await openBound({ onEnd: ({ reason }) => ends.push(reason) });
    scene.session.close('first');
    scene.session.close('second');
    await scene.session.unbind();
    scene.peer.tell({ body: message() });
    expect((await scene.session.request(DELIVER)).kind).toBe('unsent');
    expect((await scene.session.bind({} as never)).kind).toBe('unsent');
    expect(await scene.peer.rest()).toEqual([]);
    expect(ends).toEqual(['first']);
    expect(scene.timers.waiting).toBeLessThanOrEqual(1);
  });
});
