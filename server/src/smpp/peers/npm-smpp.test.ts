import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Pdu, type Session } from 'smpp';
import { describe, expect, it } from 'vitest';
import { readContent } from '../message/content.ts';
import { readReceipt } from '../message/receipt.ts';
import { message } from '../pdu/testing.ts';
import { HOST, openClient, openListener } from '../testing.ts';

describe('the package smpp as an SMSC', () => {
  it('is bound to, submitted to, and delivers', async () => {
    const submitted: Pdu[] = [];
    await using smsc = await listen((session) => {
      session.on('bind_transceiver', (pdu: Pdu) => session.send(pdu.response({ system_id: pdu.system_id })));
      session.on('submit_sm', (pdu: Pdu) => {
        submitted.push(pdu);
        session.send(pdu.response({ message_id: 'abc' }));
        session.deliver_sm({
          esm_class: 4,
          receipted_message_id: 'abc',
          message_state: 5,
          short_message: Buffer.from('id:abc stat:UNDELIV err:011'),
        });
      });
      session.on('unbind', (pdu: Pdu) => session.send(pdu.response()));
    });
    const delivered = Promise.withResolvers<unknown>();
    await using esme = openClient(smsc.port, {
      onMessage: (received, tlvs) => {
        const content = readContent(received, tlvs);
        delivered.resolve(content && readReceipt(content, tlvs));
        return Promise.resolve(0);
      },
    });
    await esme.bound();
    const outcome = await esme.client.submit(message({ dataCoding: 3, shortMessage: Buffer.from('Grüße', 'latin1') }));
    expect(outcome).toMatchObject({ kind: 'accepted', body: { messageId: 'abc' } });
    expect(submitted[0]).toMatchObject({ source_addr: '12065550100', data_coding: 3, short_message: { message: 'Grüße' } });
    expect(await delivered.promise).toEqual({ messageId: 'abc', state: 'undeliverable', error: '011' });
  });
});

describe('the package smpp as an ESME', () => {
  it('binds, submits, asks whether we are there, and takes leave', async () => {
    await using server = await openListener();
    const session = connect({ host: HOST, port: server.port });
    await once(session, 'connect');
    const ask = (command: 'bind_transceiver' | 'submit_sm' | 'enquire_link' | 'unbind', fields: object = {}): Promise<Pdu> =>
      new Promise((resolve) => session[command]({ ...fields }, resolve));
    expect(await ask('bind_transceiver', { system_id: 'npm', password: 'secret' })).toMatchObject({ command_status: 0, system_id: 'SMSC' });
    const submitted = await ask('submit_sm', {
      destination_addr: '4912345',
      short_message: 'hello',
      message_payload: Buffer.alloc(60_000),
    });
    expect(submitted).toMatchObject({ command: 'submit_sm_resp', command_status: 0, message_id: 'id-1' });
    expect(await ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
    const delivery = once(session, 'deliver_sm') as Promise<[Pdu]>;
    const outcome = server.listener.deliver(
      'npm',
      message({ command: 'deliver_sm', dataCoding: 8, shortMessage: Buffer.from('263a', 'hex') }),
    );
    const [delivered] = await delivery;
    expect(delivered).toMatchObject({ data_coding: 8, short_message: { message: '☺' } });
    session.send(delivered.response());
    expect((await outcome).kind).toBe('accepted');
    expect(await ask('unbind')).toMatchObject({ command: 'unbind_resp' });
    session.close();
  });
});

interface Smsc extends AsyncDisposable {
  readonly port: number;
}

async function listen(onSession: (session: Session) => void): Promise<Smsc> {
  const server = createServer((session) => {
    session.on('error', () => undefined);
    onSession(session);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    // Not a pipe: listening on a port.
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
