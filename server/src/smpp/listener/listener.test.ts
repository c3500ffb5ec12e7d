import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ManualTimers } from '../../lib/testing.ts';
import { STATUS } from '../pdu/status.ts';
import { message } from '../pdu/testing.ts';
import type { SessionEnd } from '../session/session-options.ts';
import { bindBody, Peer } from '../session/testing.ts';
import { HOST, openListener } from '../testing.ts';
import type { BindRequest } from './admission.ts';

const DELIVER = message({ command: 'deliver_sm' });

async function bind(port: number, command: Parameters<typeof bindBody>[0] = 'bind_transceiver', fields: object = {}): Promise<Peer> {
  const peer = await Peer.open(port);
  peer.tell({ body: { ...bindBody(command), ...fields } });
  return peer;
}

describe('a listener', () => {
  it('asks who binds, and answers what its account asks', async () => {
    const asked: BindRequest[] = [];
    await using server = await openListener({
      authenticate: (request) => {
        asked.push(request);
        return Promise.resolve({ kind: 'admitted', account: 'resource', maxSessions: 1 });
      },
      onRequest: (account, { command }) =>
        Promise.resolve({ status: 0, body: { command: 'submit_sm_resp', messageId: `${account} ${command}` } }),
    });
    using peer = await bind(server.port, 'bind_transmitter', { systemType: 'WWW' });
    expect(await peer.next()).toMatchObject({ status: 0, body: { command: 'bind_transmitter_resp', systemId: 'SMSC' } });
    const addressRange = { ton: 0, npi: 0, address: '' };
    expect(asked).toEqual([
      { systemId: 'tests', password: 'secret', systemType: 'WWW', bindAs: 'transmitter', addressRange, remoteAddress: HOST },
    ]);
    peer.tell({ body: message() });
    expect(await peer.next()).toMatchObject({ body: { messageId: 'resource submit_sm' } });
    expect(server.binds).toEqual(['resource transmitter']);
    expect(server.listener.sessionsOf('resource')).toBe(1);
  });

  it('closes what may not bind', async () => {
    await using server = await openListener();
    using peer = await bind(server.port, 'bind_receiver', { password: 'wrong' });
    expect(await peer.next()).toMatchObject({ status: STATUS.ESME_RINVPASWD });
    expect(await peer.rest()).toEqual([]);
    expect(server.binds).toEqual([]);
    expect(server.ends).toEqual([]);
  });

  it('lets an account have so many sessions, and a place is free again when one ends', async () => {
    const ended = Promise.withResolvers<SessionEnd>();
    await using server = await openListener({ onEnd: (_account, end) => ended.resolve(end) });
    using first = await bind(server.port);
    using second = await bind(server.port);
    expect([await first.next(), await second.next()]).toMatchObject([{ status: 0 }, { status: 0 }]);
    using third = await bind(server.port);
    expect(await third.next()).toMatchObject({ status: STATUS.ESME_RALYBND });
    using other = await bind(server.port, 'bind_receiver', { systemId: 'other' });
    expect(await other.next()).toMatchObject({ status: 0 });
    first.tell({ body: { command: 'unbind' } });
    expect((await ended.promise).kind).toBe('unbound');
    using fourth = await bind(server.port);
    expect(await fourth.next()).toMatchObject({ status: 0 });
  });

  it('lets nobody take a place who has gone while being judged', async () => {
    const judged = Promise.withResolvers<{ kind: 'admitted'; account: string; maxSessions: number }>();
    const asked = Promise.withResolvers<void>();
    await using server = await openListener({
      limits: { maxConnections: 10, maxUnbound: 1, bindTimeoutMs: 10_000 },
      authenticate: () => {
        asked.resolve();
        return judged.promise;
      },
    });
    using peer = await bind(server.port);
    await asked.promise;
    using _next = await Peer.open(server.port);
    await peer.rest();
    judged.resolve({ kind: 'admitted', account: 'esme', maxSessions: 1 });
    await new Promise(setImmediate);
    expect(server.listener.sessionsOf('esme')).toBe(0);
    expect(server.binds).toEqual([]);
  });

  it('closes who does not bind in time', async () => {
    const timers = new ManualTimers();
    await using server = await openListener({ timers });
    using idle = await Peer.open(server.port);
    using bound = await bind(server.port);
    await bound.next();
    timers.advance(10_000);
    expect(await idle.rest()).toEqual([]);
    bound.tell({ body: { command: 'enquire_link' } });
    expect(await bound.next()).toMatchObject({ body: { command: 'enquire_link_resp' } });
    bound.socket.destroy();
  });

  it('closes the oldest of too many who do not bind, and nobody who has bound', async () => {
    await using server = await openListener({ limits: { maxConnections: 100, maxUnbound: 2, bindTimeoutMs: 60_000 } });
    using bound = await bind(server.port);
    await bound.next();
    const idle = await Promise.all(Array.from({ length: 10 }, () => Peer.open(server.port)));
    const ends = idle.map((peer) => peer.rest());
    await Promise.race(ends);
    using late = await bind(server.port);
    expect(await late.next()).toMatchObject({ status: 0 });
    bound.tell({ body: message() });
    expect(await bound.next()).toMatchObject({ status: 0 });
    for (const peer of idle) peer[Symbol.dispose]();
  });

  it('has room for so many connections', async () => {
    await using server = await openListener({ limits: { maxConnections: 2, maxUnbound: 2, bindTimeoutMs: 60_000 } });
    using first = await bind(server.port);
    using second = await bind(server.port);
    await Promise.all([first.next(), second.next()]);
    const third = connect({ port: server.port, host: HOST });
    await once(third, 'close');
    first.tell({ body: { command: 'enquire_link' } });
    expect(await first.next()).toMatchObject({ body: { command: 'enquire_link_resp' } });
  });

  it('delivers to the receiver that has the least to do', async () => {
    await using server = await openListener();
    using transmitter = await bind(server.port, 'bind_transmitter');
    await transmitter.next();
    expect(await server.listener.deliver('tests', DELIVER)).toEqual({ kind: 'unsent', reason: 'no receiver of this account is bound' });
    transmitter.tell({ body: { command: 'unbind' } });
    await transmitter.rest();
    using one = await bind(server.port, 'bind_receiver');
    using two = await bind(server.port, 'bind_transceiver');
    await Promise.all([one.next(), two.next()]);
    const outcomes = [1, 2, 3, 4].map(() => server.listener.deliver('tests', DELIVER));
    for (const peer of [one, two]) {
      const deliveries = await peer.take(2);
      peer.tell(...deliveries.map(({ sequence }) => ({ sequence, body: { command: 'deliver_sm_resp', messageId: '' } as const })));
    }
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  });

  it('can deliver as soon as it is told that somebody has bound', async () => {
    await using server = await openListener({ onBound: (account) => void server.listener.deliver(account, DELIVER) });
    using peer = await bind(server.port, 'bind_receiver');
    expect(await peer.take(2)).toMatchObject([{ body: { command: 'bind_receiver_resp' } }, { body: { command: 'deliver_sm' } }]);
  });

  it('ends the sessions of one account', async () => {
    await using server = await openListener();
    using one = await bind(server.port);
    using other = await bind(server.port, 'bind_transceiver', { systemId: 'other' });
    await Promise.all([one.next(), other.next()]);
    server.listener.disconnect('tests', 'the account was deleted');
    expect(await one.rest()).toEqual([]);
    expect(server.ends).toEqual([{ kind: 'closed', reason: 'the account was deleted' }]);
    other.tell({ body: { command: 'enquire_link' } });
    expect(await other.next()).toMatchObject({ status: 0 });
  });

  it('takes leave of everybody when it closes, and waits for nobody for ever', async () => {
    const server = await openListener();
    using polite = await bind(server.port);
    using rude = await bind(server.port, 'bind_receiver');
    await Promise.all([polite.next(), rude.next()]);
    const closed = server.listener.close(200);
    const { sequence } = await polite.next();
    polite.tell({ sequence, body: { command: 'unbind_resp' } });
    expect(await rude.next()).toMatchObject({ body: { command: 'unbind' } });
    await closed;
    expect(server.ends.map(({ kind }) => kind).sort()).toEqual(['closed', 'unbound']);
    const late = connect({ port: server.port, host: HOST });
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('says that its port is taken', async () => {
    await using server = await openListener();
    await expect(openListener({ port: server.port })).rejects.toThrow('EADDRINUSE');
  });
});
