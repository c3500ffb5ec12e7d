import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { message, rawPdu, bytesOf } from '../pdu/testing.ts';
import { STATUS } from '../pdu/status.ts';
import type { Reply } from './session-options.ts';
import { openBound, openScene, type Scene } from './testing.ts';

const SUBMIT_SM = 0x4;
const SUBMIT = bytesOf({ body: message() });
const ENQUIRE_LINK = rawPdu(0x15);

describe('a peer that sends garbage', () => {
  it.each([
    ['a web request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['zeros', Buffer.alloc(1_000)],
    ['ones', Buffer.alloc(1_000, 0xff)],
    ['a PDU of 75,001 octets', Buffer.from('000124f9000000040000000000000001', 'hex')],
  ])('such as %s is told so and let go', async (_what, garbage) => {
    await using scene = await openBound();
    scene.peer.send(garbage);
    expect(await scene.peer.rest()).toEqual([{ sequence: 0, status: STATUS.ESME_RINVCMDLEN, body: { command: 'generic_nack' }, tlvs: [] }]);
    const end = await scene.ended;
    expect(end.kind).toBe('protocol');
    expect(end.reason).toMatch(/^a PDU claims \d+ octets, and may have from 16 to 75000$/);
  });

  it('in commands is answered for each of them and heard on', async () => {
    await using scene = await openBound();
    scene.peer.send(
      rawPdu(0x0001_0004, Buffer.of(1), { sequence: 5 }),
      rawPdu(SUBMIT_SM, Buffer.of(0), { sequence: 6 }),
      rawPdu(0x8000_1234),
      SUBMIT,
    );
    expect(await scene.peer.take(3)).toMatchObject([
      { sequence: 5, status: STATUS.ESME_RINVCMDID, body: { command: 'generic_nack' } },
      { sequence: 6, status: STATUS.ESME_RINVCMDLEN, body: { command: 'submit_sm_resp', messageId: '' } },
      { sequence: 1, status: 0, body: { command: 'submit_sm_resp' } },
    ]);
  });

  it('and nothing else for long is let go', async () => {
    await using scene = await openBound();
    for (let i = 0; i < 100; i++) scene.peer.send(rawPdu(0x77));
    scene.peer.send(SUBMIT);
    for (let i = 0; i < 150; i++) scene.peer.send(rawPdu(0x77));
    expect(await scene.ended).toEqual({ kind: 'protocol', reason: '101 PDUs in a row make no sense: command_id 0x00000077 is unknown' });
    const answers = await scene.peer.rest();
    expect(answers).toHaveLength(203);
    expect(answers.filter(({ body }) => body.command === 'submit_sm_resp')).toHaveLength(1);
  });
});

describe('a peer that does things by halves', () => {
  it('is understood when it sends byte by byte', async () => {
    await using scene = await openBound();
    for (const byte of Buffer.concat([SUBMIT, ENQUIRE_LINK])) scene.peer.send(Buffer.of(byte));
    expect(await scene.peer.take(2)).toMatchObject([{ body: { command: 'submit_sm_resp' } }, { body: { command: 'enquire_link_resp' } }]);
  });

  it('is let go when it sends half a PDU and no answer to enquire_link', async () => {
    await using scene = await openBound({ limits: { enquireLinkMs: 1_000, responseTimeoutMs: 500 } });
    scene.peer.send(SUBMIT.subarray(0, 20));
    await once(scene.socket, 'data');
    scene.timers.advance(2_000);
    expect(await scene.peer.next()).toMatchObject({ body: { command: 'enquire_link' } });
    scene.timers.advance(500);
    expect(await scene.ended).toEqual({ kind: 'silent', reason: 'the other side does not answer enquire_link' });
  });

  it('is kept while it answers enquire_link', async () => {
    await using scene = await openBound({ limits: { enquireLinkMs: 1_000, responseTimeoutMs: 500 } });
    for (let i = 0; i < 5; i++) {
      // An answer counts as a sign of life for the period in which it came.
      scene.timers.advance(2_000);
      const { sequence, body } = await scene.peer.next();
      expect(body.command).toBe('enquire_link');
      scene.peer.tell({ body: { command: 'enquire_link_resp' }, sequence });
      await once(scene.socket, 'data');
    }
    expect(scene.session.bound).toBe('transceiver');
  });

  it('is lost when it goes without a word', async () => {
    await using scene = await openBound();
    scene.peer.socket.end();
    expect(await scene.ended).toEqual({ kind: 'lost', reason: 'the other side closed the connection' });
  });
});

describe('a flood', () => {
  it('of requests is worked off so many at once, and nothing is read meanwhile', async () => {
    const waiting: ((reply: Reply) => void)[] = [];
    let asked = 0;
    let most = 0;
    await using scene = await openBound({
      limits: { maxPending: 10, enquireLinkMs: 1_000 },
      onRequest: () => {
        asked += 1;
        const { promise, resolve } = Promise.withResolvers<Reply>();
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        return promise;
      },
    });
    const flood = 500;
    for (let sequence = 1; sequence <= flood; sequence++) scene.peer.tell({ body: message(), sequence });
    while (asked < 10) await once(scene.socket, 'data');
    // Who does not listen cannot hear that the other side is there.
    scene.timers.advance(100_000);
    const answered: number[] = [];
    while (answered.length < flood) {
      waiting.shift()?.({ status: 0 });
      answered.push((await scene.peer.next()).sequence);
    }
    expect(most).toBe(10);
    expect(new Set(answered).size).toBe(flood);
    expect(scene.session.bound).toBe('transceiver');
  });

  it('of requests does not let those of ours time out unheard', async () => {
    const held = Promise.withResolvers<Reply>();
    await using scene = await openBound({ limits: { maxPending: 1, responseTimeoutMs: 500 }, onRequest: () => held.promise });
    const outcome = scene.session.request(message({ command: 'deliver_sm' }));
    const { sequence } = await scene.peer.next();
    scene.peer.tell({ body: message() }, { body: { command: 'deliver_sm_resp', messageId: '' }, sequence });
    await once(scene.socket, 'data');
    scene.timers.advance(10_000);
    held.resolve({ status: 0 });
    expect((await outcome).kind).toBe('accepted');
  });

  it('from a peer that never reads is bounded, and the peer let go', async () => {
    await using scene = await openBound({ limits: { enquireLinkMs: 1_000 } });
    await clog(scene);
    expect(scene.socket.writableLength).toBeLessThan(1_000_000);
    scene.timers.advance(2_000);
    expect(await scene.ended).toEqual({ kind: 'silent', reason: 'the other side does not read' });
    scene.timers.advance(2_000);
    expect(scene.socket.destroyed).toBe(true);
  });

  it('from a peer that reads at last is answered to the end', async () => {
    await using scene = await openBound({ limits: { enquireLinkMs: 1_000 } });
    const count = await clog(scene);
    scene.timers.advance(1_000);
    scene.peer.socket.resume();
    expect(await scene.peer.take(count)).toHaveLength(count);
    scene.timers.advance(1_000);
    expect(scene.session.bound).toBe('transceiver');
  });
});

/** Has a peer ask, and read nothing, until the session cannot answer any more. @returns how often it asked */
async function clog({ peer, socket }: Scene): Promise<number> {
  const asked = 4_000;
  const flood = Buffer.concat(Array.from({ length: asked }, () => ENQUIRE_LINK));
  peer.socket.pause();
  let count = 0;
  while (!socket.writableNeedDrain) {
    if (!peer.socket.writableNeedDrain) {
      peer.send(flood);
      count += asked;
    }
    await new Promise(setImmediate);
  }
  return count;
}

describe('a fault of ours', () => {
  it.each([
    [
      'thrown',
      () => {
        throw new Error('planted');
      },
    ],
    ['a rejection', () => Promise.reject(new Error('planted'))],
  ])('%s is answered as temporary and logged', async (_how, onRequest) => {
    await using scene = await openBound({ onRequest });
    scene.peer.tell({ body: message() });
    expect(await scene.peer.next()).toMatchObject({ status: STATUS.ESME_RSYSERR, body: { command: 'submit_sm_resp' } });
    expect(scene.logLines.join()).toContain('planted');
  });

  it('in an answer is one too', async () => {
    await using scene = await openBound({
      onRequest: () => ({ status: 0, body: { command: 'submit_sm_resp', messageId: 'x'.repeat(65) } }),
    });
    scene.peer.tell({ body: message() });
    expect(await scene.peer.next()).toMatchObject({ status: STATUS.ESME_RSYSERR });
  });

  it('in who hears of the end is survived', async () => {
    await using scene = await openScene({
      onEnd: () => {
        throw new Error('planted');
      },
    });
    scene.session.close('enough');
    expect(scene.logLines.join()).toContain('planted');
  });
});
