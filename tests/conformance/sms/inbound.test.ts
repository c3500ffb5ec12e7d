import { isSystemEvent } from '@azure/eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { buy, numbersClient, TOLL_FREE } from '../../lib/phone-numbers.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { smsMessages, subscribeToSms, textFrom } from '../../lib/sms-admin.ts';
import { sendSms } from '../../lib/sms-rest.ts';

const PHONE = '+14255550123';

let server: TestServer;
let receiver: EventReceiver;
let number: string;

beforeAll(async () => {
  server = await startServer();
  [number] = (await buy(numbersClient(server.connectionString))) as [string];
  receiver = await EventReceiver.open();
  await subscribeToSms(server, receiver.url, 'SMSReceived');
});
afterAll(async () => {
  await server.stop();
  await receiver[Symbol.asyncDispose]();
});

async function eventOf(messageId: string | undefined) {
  const found = () => receiver.events.find(({ data }) => (data as { readonly messageId?: string }).messageId === messageId);
  await receiver.until(() => found() !== undefined);
  return found()!;
}

describe('R60: a text from a phone', () => {
  it.each([
    ['Hello', 1],
    ['€'.repeat(80), 1],
    [`${'x'.repeat(152)}€${'y'.repeat(20)}`, 2],
    ['ж'.repeat(71), 2],
    ['', 1],
  ])('raises an event with the text, the numbers and the segments: %s', async (message, segmentCount) => {
    const { status, body } = await textFrom(server, { from: PHONE, to: number, message });
    expect(status).toBe(202);
    expect(body).toEqual({ status: 'received', messageId: expect.stringMatching(/^Incoming_\d{14}/) as string, segmentCount });
    const event = await eventOf(body.messageId);
    const digits = number.slice(1);
    expect(event).toMatchObject({ subject: `/phonenumber/${digits}`, eventType: 'Microsoft.Communication.SMSReceived' });
    expect(event['data']).toEqual({
      messageId: body.messageId,
      from: PHONE.slice(1),
      to: digits,
      message,
      receivedTimestamp: event['eventTime'],
      segmentCount,
    });
    expect(isSystemEvent('Microsoft.Communication.SMSReceived', event as never)).toBe(true);
  });

  it('goes to the resource whose number it is, and no other', async () => {
    const other = await newResource(server);
    const [theirs] = (await buy(numbersClient(other.primaryConnectionString))) as [string];
    expect((await textFrom(server, { from: PHONE, to: theirs, message: 'For others' })).status).toBe(202);
    expect(await smsMessages(server, { match: 'For others' })).toEqual([]);
    expect(await smsMessages(server, { match: 'For others', resource: other.name })).toHaveLength(1);
    expect(await textFrom(server, { from: PHONE, to: theirs, message: 'x', resource: 'local' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['to', { to: '+12065550199' }, 404],
    ['from', { from: 'not a phone!' }, 400],
    ['from', { from: '' }, 400],
  ])('is refused with the name of what is wrong: %s', async (target, part, status) => {
    const answer = await textFrom(server, { from: PHONE, to: number, message: 'x', ...part });
    expect(answer).toMatchObject({ status, body: { error: { target } } });
  });
});

it('R53: a text to a number without the inbound capability is not delivered, and is logged', async () => {
  const [outboundOnly] = (await buy(numbersClient(server.connectionString), {
    ...TOLL_FREE,
    capabilities: { calling: 'none', sms: 'outbound' },
  })) as [string];
  const { status, body } = await textFrom(server, { from: PHONE, to: outboundOnly, message: 'Is anybody there' });
  expect(status).toBe(202);
  expect(body).toMatchObject({
    status: 'refused',
    statusDetails: `${outboundOnly} takes no text messages: its SMS capability is outbound`,
  });
  expect(server.log).toContain('came to a number that takes none');
  expect(server.log).not.toContain('Is anybody there');
  expect(await smsMessages(server, { match: 'Is anybody' })).toMatchObject([{ direction: 'inbound', status: 'refused' }]);
  const { body: heard } = await textFrom(server, { from: PHONE, to: number, message: 'Somebody is' });
  await eventOf(heard.messageId);
  expect(receiver.events.map(({ data }) => (data as { readonly message: string }).message)).not.toContain('Is anybody there');
});

describe('the inbox of text messages', () => {
  const from = '+14255550177';

  it('waits for what comes, and for what becomes of what is sent', async () => {
    const waiting = smsMessages(server, { number: from, match: '/wait \\d+/', count: '2', wait: '10s' });
    await textFrom(server, { from, to: number, message: 'wait 1' });
    await textFrom(server, { from, to: number, message: 'no' });
    await sendSms(server.connectionString, { from: number, to: [from], message: 'wait 2', tag: 'a tag' });
    expect(await waiting).toMatchObject([
      { direction: 'outbound', from: number, to: from, message: 'wait 2', segmentCount: 1, carrier: 'simulated', tag: 'a tag' },
      { direction: 'inbound', from, to: number, message: 'wait 1', status: 'received', segmentCount: 1 },
    ]);
    const [delivered] = await smsMessages(server, { to: from, match: 'wait 2', status: 'delivered', wait: '10s' });
    expect(delivered).toMatchObject({ status: 'delivered', statusDetails: '2000: Message delivered successfully' });
  });

  it('finds by direction, by either end, and since a message or a time', async () => {
    const [first] = await smsMessages(server, { number: from, match: 'wait 1' });
    const all = await smsMessages(server, { number: from });
    expect(all.map(({ message }) => message)).toEqual(['wait 2', 'no', 'wait 1']);
    expect((await smsMessages(server, { from })).map(({ message }) => message)).toEqual(['no', 'wait 1']);
    expect((await smsMessages(server, { number: from, direction: 'outbound' })).map(({ message }) => message)).toEqual(['wait 2']);
    expect((await smsMessages(server, { number: from, since: first!.messageId })).map(({ message }) => message)).toEqual(['wait 2', 'no']);
    expect(await smsMessages(server, { number: from, since: '9999-01-01T00:00:00Z' })).toEqual([]);
  });

  it.each([
    ['since', { since: 'yesterday' }],
    ['wait', { wait: '61s' }],
    ['match', { match: '/(/' }],
  ])('refuses what it does not understand by its name: %s', async (target, query) => {
    const answer = await server.admin('GET', `/admin/sms/messages?${new URLSearchParams(query).toString()}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { target } } });
  });
});
