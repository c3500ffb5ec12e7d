import { describe, expect, it } from 'vitest';
import { readContent, type Content } from '../message/content.ts';
import { comparableId } from '../message/message-id.ts';
import { wrapPart, wrapWhole, type PartStyle } from '../message/part-style.ts';
import { readReceipt, writeReceipt, type Receipt } from '../message/receipt.ts';
import type { DataMessage, Message, Request } from '../pdu/body.ts';
import { message } from '../pdu/testing.ts';
import type { Tlv } from '../pdu/tlv.ts';
import { openClient, openListener } from '../testing.ts';
import { nextPerlPdu, perl } from './testing.ts';

/** What was delivered, as it comes. */
class Deliveries {
  readonly #all: { readonly message: Message | DataMessage; readonly tlvs: readonly Tlv[] }[] = [];
  #came = Promise.withResolvers<void>();

  readonly onMessage = (delivered: Message | DataMessage, tlvs: readonly Tlv[]): Promise<number> => {
    this.#all.push({ message: delivered, tlvs });
    this.#came.resolve();
    this.#came = Promise.withResolvers();
    return Promise.resolve(0);
  };

  async next(): Promise<{ readonly message: Message; readonly content: Content; readonly receipt: Receipt | undefined }> {
    while (this.#all.length === 0) await this.#came.promise;
    const { message: delivered, tlvs } = this.#all.shift()!;
    const content = readContent(delivered, tlvs);
    if (content === undefined || delivered.command === 'data_sm') throw new Error('not as the SMSC sends it');
    return { message: delivered, content, receipt: readReceipt(content, tlvs) };
  }
}

describe('an SMSC made of Net::SMPP', () => {
  it('takes a message, sends its receipt, and delivers', async () => {
    await using smsc = perl('smsc.pl', 'secret');
    const deliveries = new Deliveries();
    await using esme = openClient(Number(await smsc.line()), { onMessage: deliveries.onMessage, systemType: 'tests' });
    await esme.bound();
    expect(await nextPerlPdu(smsc)).toMatchObject({
      command: 'bind_transceiver',
      system_id: 'esme',
      system_type: 'tests',
      interface_version: 0x34,
    });

    const submitted = message({
      registeredDelivery: 1,
      validityPeriod: '000001000000000R',
      shortMessage: Buffer.from('hello @', 'latin1'),
    });
    const outcome = await esme.client.submit(submitted);
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    expect(outcome.body.messageId).toBe('FFF1');
    expect(await nextPerlPdu(smsc)).toMatchObject({
      command: 'submit_sm',
      source_addr: '12065550100',
      source_addr_ton: 1,
      destination_addr: '12065550199',
      dest_addr_npi: 1,
      registered_delivery: 1,
      validity_period: '000001000000000R',
      short_message: Buffer.from('hello @', 'latin1').toString('hex'),
    });

    const { content, receipt } = await deliveries.next();
    expect(content.kind).toBe('receipt');
    expect(receipt).toMatchObject({ state: 'delivered', messageId: '65521', doneAtMs: Date.UTC(2024, 4, 6, 7, 9) });
    expect(comparableId(receipt!.messageId, 'decimal')).toBe(comparableId(outcome.body.messageId, 'hexadecimal'));
    expect(await nextPerlPdu(smsc)).toMatchObject({ command: 'deliver_sm_resp', status: 0 });

    const back = await deliveries.next();
    expect(back.message).toMatchObject({
      command: 'deliver_sm',
      source: { address: '12065550199' },
      destination: { address: '12065550100' },
    });
    expect(back.content).toMatchObject({ kind: 'message', octets: Buffer.from('hello @', 'latin1'), part: undefined });
    await esme.client.close(5_000);
    expect(await nextPerlPdu(smsc)).toMatchObject({ command: 'deliver_sm_resp' });
    expect(await nextPerlPdu(smsc)).toMatchObject({ command: 'unbind' });
  });

  it.each<PartStyle>(['udh', 'udh16', 'sar'])('R56: takes and delivers parts that say which they are by %s', async (style) => {
    await using smsc = perl('smsc.pl', 'secret');
    const deliveries = new Deliveries();
    await using esme = openClient(Number(await smsc.line()), { onMessage: deliveries.onMessage });
    await esme.bound();
    const octets = Buffer.from('Grüße 🙂', 'utf16le').swap16();
    for (const number of [2, 1]) {
      const part = { reference: 200, total: 2, number };
      const { tlvs, ...fields } = wrapPart(octets, part, style);
      expect((await esme.client.submit(message({ dataCoding: 8, ...fields }), tlvs)).kind).toBe('accepted');
      const { content } = await deliveries.next();
      expect(content).toMatchObject({ part, octets, coding: { alphabet: 'ucs2', flash: false } });
    }
  });

  it('takes a message_payload, a flash message, and refuses with a status', async () => {
    await using smsc = perl('smsc.pl', 'secret');
    const deliveries = new Deliveries();
    await using esme = openClient(Number(await smsc.line()), { onMessage: deliveries.onMessage });
    await esme.bound();
    const long = Buffer.alloc(1_000, 'long ');
    const { tlvs, ...fields } = wrapWhole(long);
    expect((await esme.client.submit(message({ dataCoding: 0x10, ...fields }), tlvs)).kind).toBe('accepted');
    const { content } = await deliveries.next();
    expect(content).toMatchObject({ octets: long, coding: { alphabet: 'default', flash: true } });
    expect(await esme.client.submit(message({ shortMessage: Buffer.from('refuse this') }))).toMatchObject({
      kind: 'refused',
      status: 0x58,
    });
  });

  it('refuses a wrong password', async () => {
    await using smsc = perl('smsc.pl', 'another');
    await using esme = openClient(Number(await smsc.line()));
    expect((await esme.lost()).reason).toBe('the bind was refused: ESME_RINVPASWD (invalid password)');
  });

  it('is delivered a thousand messages and their receipts, each once', async () => {
    await using smsc = perl('smsc.pl', 'secret');
    const deliveries = new Deliveries();
    await using esme = openClient(Number(await smsc.line()), { onMessage: deliveries.onMessage });
    await esme.bound();
    const count = 1_000;
    const outcomes = Array.from({ length: count }, (_, i) =>
      esme.client.submit(message({ registeredDelivery: 1, shortMessage: Buffer.from(`n${i}`) })),
    );
    const ids = new Set<string>();
    const texts = new Set<string>();
    for (let i = 0; i < 2 * count; i++) {
      const { content, receipt } = await deliveries.next();
      if (receipt === undefined) texts.add(content.octets.toString());
      else ids.add(comparableId(receipt.messageId, 'decimal'));
    }
    const accepted = (await Promise.all(outcomes)).map((outcome) => (outcome.kind === 'accepted' ? outcome.body.messageId : outcome.kind));
    expect(new Set(accepted.map((id) => comparableId(id, 'hexadecimal')))).toEqual(ids);
    expect(texts.size).toBe(count);
  });
});

describe('an ESME made of Net::SMPP', () => {
  it('binds, submits, and is delivered a receipt', async () => {
    const requests: Request[] = [];
    await using server = await openListener({
      onRequest: (account, request) => {
        requests.push(request);
        const receipt = { messageId: 'A-1', state: 'delivered', submittedAtMs: 0, doneAtMs: 60_000, error: '000', text: 'hi' } as const;
        const { tlvs, ...fields } = writeReceipt(receipt);
        void server.listener.deliver(account, message({ command: 'deliver_sm', ...fields }), tlvs);
        return Promise.resolve({ status: 0, body: { command: 'submit_sm_resp', messageId: 'A-1' } });
      },
    });
    const submit = {
      source_addr: '12345',
      destination_addr: '4912345',
      registered_delivery: 1,
      data_coding: 8,
      short_message: '20ac',
      user_message_reference: '0007',
    };
    await using esme = perl('esme.pl', String(server.port), 'transceiver', 'secret', JSON.stringify(submit));
    expect(await nextPerlPdu(esme)).toMatchObject({
      command: 'bind_transceiver_resp',
      status: 0,
      system_id: 'SMSC',
      sc_interface_version: '34',
    });
    const answers = [await nextPerlPdu(esme), await nextPerlPdu(esme)];
    expect(answers.find(({ command }) => command === 'submit_sm_resp')).toMatchObject({ status: 0, message_id: 'A-1' });
    expect(answers.find(({ command }) => command === 'deliver_sm')).toMatchObject({
      esm_class: 4,
      receipted_message_id: 'A-1\0',
      message_state: '02',
      short_message: Buffer.from(
        'id:A-1 sub:001 dlvrd:001 submit date:7001010000 done date:7001010001 stat:DELIVRD err:000 text:hi',
      ).toString('hex'),
    });
    expect(requests).toMatchObject([
      { command: 'submit_sm', source: { address: '12345' }, dataCoding: 8, shortMessage: Buffer.of(0x20, 0xac) },
    ]);
    await server.listener.close(5_000);
    expect(await nextPerlPdu(esme)).toMatchObject({ command: 'unbind' });
    await esme.ended();
  });

  it('is told that its password is wrong', async () => {
    await using server = await openListener();
    await using esme = perl('esme.pl', String(server.port), 'receiver', 'wrong');
    expect(await nextPerlPdu(esme)).toMatchObject({ command: 'bind_receiver_resp', status: 0x0e });
    await esme.ended();
  });
});
