import { describe, expect, it } from 'vitest';
import type { Pdu } from '../pdu/body.ts';
import { rawPdu, message } from '../pdu/testing.ts';
import { STATUS } from '../pdu/status.ts';
import { openBound } from './testing.ts';

const DELIVER = message({ command: 'deliver_sm' });

function answerTo({ sequence }: Pdu, status: number = STATUS.ESME_ROK): Pdu {
  return { sequence, status, body: { command: 'deliver_sm_resp', messageId: '' }, tlvs: [] };
}

describe('a request', () => {
  it('has the outcome that its answer says, in whatever order answers come', async () => {
    await using scene = await openBound();
    const outcomes = [1, 2, 3].map(() => scene.session.request(DELIVER));
    const [first, second, third] = await scene.peer.take(3);
    scene.peer.tell(answerTo(third!), { body: { command: 'generic_nack' }, sequence: second!.sequence, status: 3 }, answerTo(first!, 0x58));
    expect(await Promise.all(outcomes)).toEqual([
      { kind: 'refused', status: 0x58, tlvs: [] },
      { kind: 'refused', status: 3, tlvs: [] },
      { kind: 'accepted', body: { command: 'deliver_sm_resp', messageId: '' }, tlvs: [] },
    ]);
  });

  it('gives up when no answer comes in time, and ignores one that comes too late', async () => {
    await using scene = await openBound({ limits: { responseTimeoutMs: 500, enquireLinkMs: 1_000_000 } });
    const early = scene.session.request(DELIVER);
    const request = await scene.peer.next();
    scene.timers.advance(300);
    const later = scene.session.request(DELIVER);
    const second = await scene.peer.next();
    scene.timers.advance(200);
    expect(await early).toEqual({ kind: 'unanswered', reason: 'no answer came in 500 ms' });
    scene.peer.tell(answerTo(request), answerTo(second));
    expect((await later).kind).toBe('accepted');
    expect(scene.session.outstanding).toBe(0);
  });

  it.each<[string, (sequence: number) => readonly Pdu[]]>([
    [
      'of another sequence number',
      (sequence) => [
        answerTo({ sequence: sequence + 1 } as Pdu),
        answerTo({ sequence: 0 } as Pdu),
        answerTo({ sequence: 0xffff_ffff } as Pdu),
      ],
    ],
    ['of another command', (sequence) => [{ sequence, status: 0, body: { command: 'enquire_link_resp' }, tlvs: [] }]],
    ['of nothing in particular', () => [{ sequence: 0, status: 3, body: { command: 'generic_nack' }, tlvs: [] }]],
  ])('is not answered by an answer %s', async (_which, strays) => {
    await using scene = await openBound();
    const outcome = scene.session.request(DELIVER);
    const request = await scene.peer.next();
    scene.peer.tell(...strays(request.sequence), answerTo(request), answerTo(request, 0x58));
    expect((await outcome).kind).toBe('accepted');
    scene.peer.tell({ body: { command: 'enquire_link' } });
    expect(await scene.peer.next()).toMatchObject({ body: { command: 'enquire_link_resp' } });
  });

  it.each([
    [0, { kind: 'unanswered', reason: 'the answer cannot be read: message_id is longer than 64 octets' }],
    [0x58, { kind: 'refused', status: 0x58, tlvs: [] }],
  ])('with an answer of status %i that cannot be read has an outcome all the same', async (status, expected) => {
    await using scene = await openBound();
    const outcome = scene.session.request(DELIVER);
    const { sequence } = await scene.peer.next();
    scene.peer.send(rawPdu(0x8000_0005, Buffer.alloc(80, 'x'), { status, sequence }));
    expect(await outcome).toEqual(expected);
  });

  it('that cannot be written is not sent', async () => {
    await using scene = await openBound();
    const outcome = scene.session.request(message({ command: 'deliver_sm', serviceType: 'too long' }));
    expect(await outcome).toEqual({ kind: 'unsent', reason: 'service_type is longer than 5 octets' });
    expect(scene.session.outstanding).toBe(0);
  });
});

describe('the window', () => {
  it('lets so many requests be without answer, has so many wait, and no more', async () => {
    await using scene = await openBound({ limits: { window: 2, maxWaiting: 2 } });
    const outcomes = Array.from({ length: 5 }, () => scene.session.request(DELIVER));
    expect(await outcomes[4]).toEqual({ kind: 'unsent', reason: '2 requests wait already' });
    expect(scene.session.outstanding).toBe(4);
    const [first, second] = await scene.peer.take(2);
    scene.peer.tell({ body: { command: 'enquire_link' }, sequence: 99 });
    expect(await scene.peer.next()).toMatchObject({ sequence: 99 });
    scene.peer.tell(answerTo(second!));
    const third = await scene.peer.next();
    scene.peer.tell(answerTo(first!), answerTo(third));
    scene.peer.tell(answerTo(await scene.peer.next()));
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'unsent']);
  });

  it('moves on when requests are given up', async () => {
    await using scene = await openBound({ limits: { window: 1, responseTimeoutMs: 500, enquireLinkMs: 1_000_000 } });
    const outcomes = [1, 2, 3].map(() => scene.session.request(DELIVER));
    for (const outcome of outcomes) {
      await scene.peer.next();
      scene.timers.advance(500);
      expect((await outcome).kind).toBe('unanswered');
    }
    // One timer watches over the liveness; none is left of the requests.
    expect(scene.timers.waiting).toBe(1);
  });

  it('tells what left from what did not when the connection is lost', async () => {
    await using scene = await openBound({ limits: { window: 1 } });
    const outcomes = [1, 2].map(() => scene.session.request(DELIVER));
    await scene.peer.next();
    scene.peer.socket.resetAndDestroy();
    const end = await scene.ended;
    expect(end.kind).toBe('lost');
    expect(await Promise.all(outcomes)).toEqual([
      { kind: 'unanswered', reason: end.reason },
      { kind: 'unsent', reason: end.reason },
    ]);
    expect((await scene.session.request(DELIVER)).kind).toBe('unsent');
  });
});
