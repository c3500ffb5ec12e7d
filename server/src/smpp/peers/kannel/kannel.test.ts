import { describe, expect, it } from 'vitest';
import type { SmppListener } from '../../listener/listener.ts';
import { readContent, type Content } from '../../message/content.ts';
import { wantsReceipt, writeReceipt } from '../../message/receipt.ts';
import type { Message, Request } from '../../pdu/body.ts';
import { STATUS } from '../../pdu/status.ts';
import { message } from '../../pdu/testing.ts';
import type { Tlv } from '../../pdu/tlv.ts';
import type { Reply } from '../../session/session-options.ts';
import { openListener } from '../../testing.ts';
import { startKannel, type Kannel } from './testing.ts';

const AT = Date.UTC(2024, 4, 6, 7, 8);
/** What Kannel calls what became of a message, `%d` in its URLs. */
const DELIVERED = '1';
const ACCEPTED = '8';
const REFUSED = '16';
const TEXT = { from: '12065550100', to: '12065550199' };

/** What Kannel submits, as it comes; each message is accepted, and refused when it says so. */
class Submissions {
  readonly #all: { readonly message: Message; readonly content: Content }[] = [];
  #came = Promise.withResolvers<void>();
  #ids = 0;

  readonly onRequest = (_account: string, request: Request, tlvs: readonly Tlv[]): Reply => {
    const content = request.command === 'submit_sm' ? readContent(request, tlvs) : undefined;
    if (request.command !== 'submit_sm' || content === undefined) return { status: STATUS.ESME_RINVCMDID };
    this.#all.push({ message: request, content });
    this.#came.resolve();
    this.#came = Promise.withResolvers();
    if (content.octets.toString('latin1') === 'refuse') return { status: STATUS.ESME_RINVDSTADR };
    return { status: STATUS.ESME_ROK, body: { command: 'submit_sm_resp', messageId: `id-${++this.#ids}` } };
  };

  async next(): Promise<{ readonly message: Message; readonly content: Content }> {
    while (this.#all.length === 0) await this.#came.promise;
    return this.#all.shift()!;
  }
}

interface Scene extends AsyncDisposable {
  readonly listener: SmppListener;
  readonly kannel: Kannel;
  readonly submissions: Submissions;
}

/** A listener, and a Kannel that has bound to it by these binds. */
async function openScene(bindAs: 'transceiver' | 'pair', expected: readonly string[]): Promise<Scene> {
  const cleanUp = new AsyncDisposableStack();
  const submissions = new Submissions();
  const bound = Promise.withResolvers<void>();
  const missing = new Set(expected);
  const server = cleanUp.use(
    await openListener({
      onRequest: submissions.onRequest,
      onBound: (account, request) => {
        missing.delete(`${account} ${request.bindAs}`);
        if (missing.size === 0) bound.resolve();
      },
    }),
  );
  const kannel = cleanUp.use(await startKannel(server.port, bindAs));
  await bound.promise;
  return { listener: server.listener, kannel, submissions, [Symbol.asyncDispose]: () => cleanUp.disposeAsync() };
}

describe('Kannel as an ESME', () => {
  it.each([
    ['transceiver', ['kannel transceiver']],
    ['pair', ['kannel receiver', 'kannel transmitter']],
  ] as const)('binds as %s, sends by its URL, gets the receipt, and is delivered to', async (bindAs, binds) => {
    await using scene = await openScene(bindAs, binds);
    const { kannel, listener, submissions } = scene;
    const asked = kannel.send({ ...TEXT, text: 'hello from Kannel', query: { 'dlr-mask': '31', 'dlr-url': kannel.receiptUrl } });
    const { message: submitted, content } = await submissions.next();
    expect(await asked).toBe('0: Accepted for delivery');
    expect(submitted).toMatchObject({ source: { address: '12065550100' }, destination: { address: '12065550199' } });
    expect(content).toMatchObject({ octets: Buffer.from('hello from Kannel'), part: undefined });
    expect(wantsReceipt(submitted, 'delivered')).toBe(true);
    expect((await kannel.told()).searchParams.get('kind')).toBe(ACCEPTED);

    const receipt = {
      messageId: 'id-1',
      state: 'delivered',
      submittedAtMs: AT,
      doneAtMs: AT,
      error: '000',
      text: 'hello from Kannel',
    } as const;
    const { tlvs, ...fields } = writeReceipt(receipt);
    const back = { command: 'deliver_sm', source: submitted.destination, destination: submitted.source } as const;
    expect((await listener.deliver('kannel', message({ ...back, ...fields }), tlvs)).kind).toBe('accepted');
    expect((await kannel.told()).searchParams.get('kind')).toBe(DELIVERED);

    const inbound = message({ ...back, dataCoding: 8, shortMessage: Buffer.from('☺', 'utf16le').swap16() });
    expect((await listener.deliver('kannel', inbound)).kind).toBe('accepted');
    const told = await kannel.told();
    expect(Object.fromEntries(told.searchParams)).toEqual({ from: '12065550199', to: '12065550100', text: '☺' });
  });

  it('R56: sends a long text in parts that say which they are', async () => {
    await using scene = await openScene('transceiver', ['kannel transceiver']);
    const { kannel, submissions } = scene;
    const text = '0123456789'.repeat(40);
    expect(await kannel.send({ ...TEXT, text })).toBe('0: Accepted for delivery');
    const contents = [await submissions.next(), await submissions.next(), await submissions.next()].map(({ content }) => content);
    expect(contents.map(({ part }) => `${part?.number} of ${part?.total}`)).toEqual(['1 of 3', '2 of 3', '3 of 3']);
    expect(new Set(contents.map(({ part }) => part?.reference)).size).toBe(1);
    expect(Buffer.concat(contents.map(({ octets }) => octets)).toString()).toBe(text);
  });

  it('tells its user that we refused', async () => {
    await using scene = await openScene('transceiver', ['kannel transceiver']);
    const { kannel } = scene;
    await kannel.send({ ...TEXT, text: 'refuse', query: { 'dlr-mask': '31', 'dlr-url': kannel.receiptUrl } });
    const told = await kannel.told();
    expect(told.searchParams.get('kind')).toBe(REFUSED);
    expect(told.searchParams.get('text')).toContain('NACK/0x0000000b');
  });
});
