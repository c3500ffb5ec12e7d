import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ManualTimers } from '../../lib/testing.ts';
import { STATUS } from '../pdu/status.ts';
import { message } from '../pdu/testing.ts';
import { Peer } from '../session/testing.ts';
import { HOST, openClient, openListener, selfSigned } from '../testing.ts';

const DELIVER = message({ command: 'deliver_sm', shortMessage: Buffer.from('from the SMSC') });

describe('a client', () => {
  it.each([
    ['transceiver', 'accepted', 'accepted'],
    ['transmitter', 'accepted', 'unsent'],
    ['receiver', 'unsent', 'accepted'],
  ] as const)('bound as %s submits (%s) and is delivered to (%s)', async (bindAs, submitted, delivered) => {
    await using server = await openListener();
    const texts: string[] = [];
    await using esme = openClient(server.port, {
      bindAs,
      onMessage: (deliver) => {
        texts.push('shortMessage' in deliver ? deliver.shortMessage.toString() : '');
        return Promise.resolve(STATUS.ESME_ROK);
      },
    });
    await esme.bound();
    expect(server.binds).toEqual([`esme ${bindAs}`]);
    const outcome = await esme.client.submit(message());
    expect(outcome.kind).toBe(submitted);
    if (outcome.kind === 'accepted') expect(outcome.body).toEqual({ command: 'submit_sm_resp', messageId: 'id-1' });
    expect((await server.listener.deliver('esme', DELIVER)).kind).toBe(delivered);
    expect(texts).toEqual(delivered === 'accepted' ? ['from the SMSC'] : []);
  });

  it('tells the SMSC what its handler says, when it says it', async () => {
    await using server = await openListener();
    const replies = [() => Promise.resolve(0), () => Promise.resolve(STATUS.ESME_RX_P_APPN), () => Promise.reject(new Error('planted'))];
    await using esme = openClient(server.port, { onMessage: () => replies.shift()!() });
    await esme.bound();
    const outcomes = [1, 2, 3].map(() => server.listener.deliver('esme', DELIVER));
    expect(await Promise.all(outcomes)).toMatchObject([
      { kind: 'accepted' },
      { kind: 'refused', status: STATUS.ESME_RX_P_APPN },
      { kind: 'refused', status: STATUS.ESME_RX_T_APPN },
    ]);
  });

  it('speaks over TLS, and to nobody whose certificate it does not trust', async () => {
    const { cert, key } = await selfSigned();
    await using server = await openListener({ tls: { cert, key } });
    const target = { host: HOST, port: server.port };
    await using trusting = openClient(server.port, { target: { ...target, tls: { ca: cert } } });
    await trusting.bound();
    expect((await trusting.client.submit(message())).kind).toBe('accepted');
    await using wary = openClient(server.port, { target: { ...target, tls: {} } });
    expect((await wary.lost()).reason).toMatch(/^self-signed certificate/);
    await using plain = openClient(server.port);
    expect((await plain.lost()).kind).toMatch(/lost|protocol/);
  });

  it('comes back when the SMSC does, and keeps what it cannot send unsent', async () => {
    const first = await openListener();
    const { port } = first;
    await using esme = openClient(port);
    await esme.bound();
    expect(esme.client.isBound).toBe(true);
    const lost = esme.lost();
    await first.listener.close(1_000);
    expect(await lost).toEqual({ kind: 'unbound', reason: 'the other side unbound' });
    expect(await esme.client.submit(message())).toMatchObject({ kind: 'unsent' });
    expect((await esme.lost()).reason).toContain('ECONNREFUSED');
    const bound = esme.bound();
    await using _second = await openListener({ port });
    await bound;
    expect((await esme.client.submit(message())).kind).toBe('accepted');
  });

  it('says why it may not bind, and tries again', async () => {
    await using server = await openListener();
    await using esme = openClient(server.port, { password: 'wrong' });
    const refused = { kind: 'refused', reason: 'the bind was refused: ESME_RINVPASWD (invalid password)' };
    expect(await esme.lost()).toEqual(refused);
    expect(await esme.lost()).toEqual(refused);
    expect(esme.client.isBound).toBe(false);
  });

  it('cannot bind with what does not fit, and says so', async () => {
    await using server = await openListener();
    await using esme = openClient(server.port, { password: 'far too long' });
    expect((await esme.lost()).reason).toBe('the bind failed: password is longer than 8 octets');
  });

  it('waits longer each time, and not as long again after a good session', async () => {
    await using smsc = await openSmsc();
    const timers = new ManualTimers();
    const waits: number[] = [];
    await using esme = openClient(smsc.port, {
      timers,
      backOff: { firstMs: 1_000, mostMs: 60_000 },
      onLost: (_end, retryMs) => waits.push(retryMs),
    });
    for (let i = 0; i < 3; i++) {
      const lost = esme.lost();
      (await smsc.accept()).socket.destroy();
      await lost;
      timers.advance(waits.at(-1)!);
    }
    const bound = esme.bound();
    const peer = await smsc.accept();
    peer.tell({ body: { command: 'bind_transceiver_resp', systemId: '' }, sequence: (await peer.next()).sequence });
    await bound;
    for (let heard = 0; heard < 60; heard++) {
      peer.tell({ body: { command: 'enquire_link' } });
      await peer.next();
      timers.advance(1_000);
    }
    const lost = esme.lost();
    peer.socket.destroy();
    await lost;
    expect(waits.map((ms) => Math.ceil(Math.log2(ms / 500)))).toEqual([1, 2, 3, 1]);
  });

  it('gives up an SMSC that takes the connection and says nothing', async () => {
    await using smsc = await openSmsc();
    const timers = new ManualTimers();
    await using esme = openClient(smsc.port, { timers });
    const peer = await smsc.accept();
    await peer.next();
    timers.advance(30_000);
    expect(await esme.lost()).toEqual({ kind: 'silent', reason: 'the bind failed: no answer came in 30000 ms' });
  });

  it('gives up a connection that takes too long', async () => {
    await using smsc = await openSmsc();
    const timers = new ManualTimers();
    // It shakes no hands: TLS waits for that.
    await using esme = openClient(smsc.port, { timers, target: { host: HOST, port: smsc.port, tls: {} } });
    await smsc.accept();
    timers.advance(10_000);
    expect(await esme.lost()).toEqual({ kind: 'lost', reason: `no connection to ${HOST}:${smsc.port} in 10000 ms` });
  });

  it('takes leave when it closes, and does not come back', async () => {
    await using server = await openListener();
    const esme = openClient(server.port);
    await esme.bound();
    const submitted = esme.client.submit(message());
    await esme.client.close(5_000);
    expect((await submitted).kind).toBe('accepted');
    expect(server.ends).toEqual([{ kind: 'unbound', reason: 'the other side unbound' }]);
    expect(await esme.client.submit(message())).toMatchObject({ kind: 'unsent' });
    await esme.client.close(5_000);
  });

  it('closes while it connects, while it binds and while it waits', async () => {
    await using smsc = await openSmsc();
    const connecting = openClient(smsc.port);
    await connecting.client.close(1_000);
    const binding = openClient(smsc.port);
    const peer = await smsc.accept();
    await binding.client.close(0);
    peer.socket.destroy();
    const waiting = openClient(1, { backOff: { firstMs: 100_000, mostMs: 100_000 } });
    await waiting.lost();
    await waiting.client.close(1_000);
  });
});

interface Smsc extends AsyncDisposable {
  readonly port: number;
  /** The next connection that came with a PDU or a TLS greeting. */
  accept(): Promise<Peer>;
}

/** A port on which the test is the SMSC. */
async function openSmsc(): Promise<Smsc> {
  const server: Server = createServer();
  const peers: Peer[] = [];
  let came = Promise.withResolvers<void>();
  server.on('connection', (socket) => {
    peers.push(new Peer(socket));
    came.resolve();
    came = Promise.withResolvers();
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const all: Peer[] = [];
  return {
    port: (server.address() as AddressInfo).port,
    async accept() {
      while (peers.length === 0) await came.promise;
      const peer = peers.shift()!;
      all.push(peer);
      return peer;
    },
    async [Symbol.asyncDispose]() {
      for (const peer of [...all, ...peers]) peer.socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
