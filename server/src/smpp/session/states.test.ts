import { describe, expect, it } from 'vitest';
import { message } from '../pdu/testing.ts';
import { STATUS } from '../pdu/status.ts';
import type { Body } from '../pdu/body.ts';
import { bindBody, openBound, openScene } from './testing.ts';

const QUERY: Body = { command: 'query_sm', messageId: '1', source: { ton: 0, npi: 0, address: '' } };

describe('the session of an SMSC', () => {
  it('binds whom it may, and tells what it speaks', async () => {
    await using scene = await openScene({
      onBind: (bind) => Promise.resolve({ status: 0, body: { command: 'bind_transceiver_resp', systemId: `hello ${bind.systemId}` } }),
    });
    expect(scene.session.bound).toBeUndefined();
    scene.peer.tell({ body: bindBody(), sequence: 77 });
    expect(await scene.peer.next()).toEqual({
      sequence: 77,
      status: 0,
      body: { command: 'bind_transceiver_resp', systemId: 'hello tests' },
      tlvs: [{ tag: 0x0210, value: Buffer.of(0x34) }],
    });
    expect(scene.session.bound).toBe('transceiver');
  });

  it('sends no optional parameter to an ESME that is older than they are', async () => {
    await using scene = await openScene();
    scene.peer.tell({ body: { ...bindBody(), interfaceVersion: 0x33 } });
    expect(await scene.peer.next()).toMatchObject({ status: 0, tlvs: [] });
  });

  it('says why it refuses to bind, and closes', async () => {
    await using scene = await openScene({ onBind: () => Promise.resolve({ status: STATUS.ESME_RINVPASWD }) });
    scene.peer.tell({ body: bindBody('bind_receiver') });
    expect(await scene.peer.next()).toMatchObject({ status: STATUS.ESME_RINVPASWD, body: { command: 'bind_receiver_resp' } });
    expect(await scene.peer.rest()).toEqual([]);
    expect(await scene.ended).toEqual({ kind: 'refused', reason: 'the bind was refused: ESME_RINVPASWD (invalid password)' });
  });

  it('takes a fault in judging for its own', async () => {
    await using scene = await openScene({ onBind: () => Promise.reject(new Error('planted')) });
    scene.peer.tell({ body: bindBody() });
    expect(await scene.peer.next()).toMatchObject({ status: STATUS.ESME_RSYSERR });
    expect((await scene.ended).kind).toBe('refused');
  });

  it('is asked nothing before the bind', async () => {
    await using scene = await openScene();
    scene.peer.tell({ body: message() }, { body: QUERY }, { body: { command: 'enquire_link' } });
    expect(await scene.peer.take(3)).toMatchObject([
      { sequence: 1, status: STATUS.ESME_RINVBNDSTS, body: { command: 'submit_sm_resp' } },
      { sequence: 2, status: STATUS.ESME_RINVBNDSTS, body: { command: 'query_sm_resp' } },
      { sequence: 3, status: 0, body: { command: 'enquire_link_resp' } },
    ]);
  });

  it('reads nothing while a bind is judged', async () => {
    const judged = Promise.withResolvers<{ status: number }>();
    await using scene = await openScene({ onBind: () => judged.promise });
    scene.peer.tell({ body: bindBody() }, { body: message() }, { body: bindBody() });
    judged.resolve({ status: 0 });
    expect(await scene.peer.take(3)).toMatchObject([
      { sequence: 1, status: 0 },
      { sequence: 2, status: 0 },
      { sequence: 3, status: STATUS.ESME_RALYBND },
    ]);
  });

  it.each([
    ['bind_transmitter', 'submit_sm', STATUS.ESME_ROK],
    ['bind_transmitter', 'deliver_sm', STATUS.ESME_RINVBNDSTS],
    ['bind_receiver', 'submit_sm', STATUS.ESME_RINVBNDSTS],
    ['bind_receiver', 'deliver_sm', STATUS.ESME_RINVBNDSTS],
    ['bind_transceiver', 'submit_sm', STATUS.ESME_ROK],
    ['bind_transceiver', 'deliver_sm', STATUS.ESME_RINVBNDSTS],
  ] as const)('answers %s and then %s with status %i', async (bind, command, status) => {
    await using scene = await openBound({}, bind);
    scene.peer.tell({ body: message({ command }) });
    expect(await scene.peer.next()).toMatchObject({ status, body: { command: `${command}_resp` } });
  });

  it('delivers to receivers and transceivers only', async () => {
    for (const [bind, kind] of [
      ['bind_receiver', 'accepted'],
      ['bind_transceiver', 'accepted'],
      ['bind_transmitter', 'unsent'],
    ] as const) {
      await using scene = await openBound({}, bind);
      const outcome = scene.session.request(message({ command: 'deliver_sm' }));
      if (kind === 'accepted')
        scene.peer.tell({ body: { command: 'deliver_sm_resp', messageId: '' }, sequence: (await scene.peer.next()).sequence });
      expect((await outcome).kind).toBe(kind);
      expect((await scene.session.request(message())).kind).toBe('unsent');
    }
  });

  it('answers neither outbind nor alert_notification', async () => {
    await using scene = await openBound();
    const address = { ton: 0, npi: 0, address: '' };
    scene.peer.tell(
      { body: { command: 'outbind', systemId: '', password: '' } },
      { body: { command: 'alert_notification', source: address, esme: address } },
      { body: { command: 'enquire_link' } },
    );
    expect(await scene.peer.next()).toMatchObject({ sequence: 3 });
  });
});

describe('the session of an ESME', () => {
  it('is delivered to from the very bytes behind the answer to its bind on', async () => {
    await using scene = await openScene({ side: 'esme', onRequest: () => ({ status: 0 }) });
    const bound = scene.session.bind(bindBody('bind_receiver'));
    const { sequence } = await scene.peer.next();
    scene.peer.tell(
      { body: { command: 'bind_receiver_resp', systemId: 'smsc' }, sequence },
      { body: message({ command: 'deliver_sm' }), sequence: 9 },
    );
    expect(await scene.peer.next()).toMatchObject({ sequence: 9, status: 0, body: { command: 'deliver_sm_resp' } });
    expect(await bound).toMatchObject({ kind: 'accepted', body: { systemId: 'smsc' } });
  });

  it('submits only when it is bound', async () => {
    await using scene = await openScene({ side: 'esme' });
    expect(await scene.session.request(message())).toEqual({
      kind: 'unsent',
      reason: 'the session is not bound: submit_sm is not allowed',
    });
    const bound = scene.session.bind(bindBody('bind_receiver'));
    scene.peer.tell({ body: { command: 'bind_receiver_resp', systemId: '' }, sequence: (await scene.peer.next()).sequence });
    await bound;
    expect(await scene.session.request(message())).toEqual({
      kind: 'unsent',
      reason: 'the session is bound as receiver: submit_sm is not allowed',
    });
  });
});
