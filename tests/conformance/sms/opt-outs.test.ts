import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { buy, numbersClient } from '../../lib/phone-numbers.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { smsMessages, subscribeToSms, textFrom } from '../../lib/sms-admin.ts';
import { reportOf, sendSms } from '../../lib/sms-rest.ts';
import { betaClient } from '../../lib/sms-sdk.ts';

let server: TestServer;
let receiver: EventReceiver;
let number: string;
let otherNumber: string;
let phones = 0;

beforeAll(async () => {
  server = await startServer();
  const client = numbersClient(server.connectionString);
  [number] = (await buy(client)) as [string];
  [otherNumber] = (await buy(client)) as [string];
  receiver = await EventReceiver.open();
  await subscribeToSms(server, receiver.url, 'SMSReceived', 'SMSDeliveryReportReceived');
});
afterAll(async () => {
  await server.stop();
  await receiver[Symbol.asyncDispose]();
});

/** A phone that nobody has texted. */
function newPhone(): string {
  phones += 1;
  return `+1425555${String(phones).padStart(4, '0')}`;
}

/** What becomes of a message to a phone. */
async function endOf(to: string, from = number): Promise<string> {
  const [sent] = await sendSms(server.connectionString, { from, to: [to], message: 'Offer', enableDeliveryReport: true });
  expect(sent).toMatchObject({ httpStatusCode: 202, successful: true });
  return (await reportOf(server, sent?.messageId ?? '')).deliveryStatusDetails;
}

describe('R65: a phone that texts', () => {
  it.each(['STOP', 'stop', ' Stop. ', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'])(
    '%j gets nothing from that number any more, and the report says so',
    async (message) => {
      const phone = newPhone();
      expect((await textFrom(server, { from: phone, to: number, message })).body.status).toBe('received');
      expect(await endOf(phone)).toBe('4007: The destination/to number has opted out of receiving messages from you');
      expect(await endOf(phone, otherNumber)).toContain('2000');
      const [failed] = await smsMessages(server, { to: phone, from: number });
      expect(failed).toMatchObject({ status: 'failed' });
    },
  );

  it.each(['START', 'Unstop'])('%s gets messages again', async (message) => {
    const phone = newPhone();
    await textFrom(server, { from: phone, to: number, message: 'STOP' });
    expect(await endOf(phone)).toContain('4007');
    await textFrom(server, { from: phone, to: number, message });
    expect(await endOf(phone)).toContain('2000');
  });

  it.each(['HELP', 'Stop it', 'Please STOP', 'ENDING', 'st op'])('%j goes on getting messages', async (message) => {
    const phone = newPhone();
    await textFrom(server, { from: phone, to: number, message });
    expect(await endOf(phone)).toContain('2000');
  });

  it('a keyword is heard of like every other text, and so is the report of what it stopped', async () => {
    const phone = newPhone();
    const { body } = await textFrom(server, { from: phone, to: number, message: 'STOP' });
    await endOf(phone);
    const dataOf = (type: string) =>
      receiver.events.filter(({ eventType }) => eventType === type).map(({ data }) => data as Readonly<Record<string, unknown>>);
    await receiver.until(() => dataOf('Microsoft.Communication.SMSReceived').some(({ messageId }) => messageId === body.messageId));
    const report = () => dataOf('Microsoft.Communication.SMSDeliveryReportReceived').find(({ to }) => to === phone);
    await receiver.until(() => report() !== undefined);
    expect(report()).toMatchObject({ deliveryStatus: 'Failed', deliveryAttempts: [{ segmentsSucceeded: 0, segmentsFailed: 1 }] });
  });
});

describe('opt-outs with SDK 1.2.0-beta.4', () => {
  it('R65: adds, checks and removes them, each phone with a result of its own', async () => {
    const { optOuts } = betaClient(server.connectionString);
    const [one, two] = [newPhone(), newPhone()];
    const bad = { to: '+123', httpStatusCode: 400, errorMessage: 'Invalid recipient phone number format' };
    expect(await optOuts.add(number, [one, '+123'])).toMatchObject([{ to: one, httpStatusCode: 200 }, bad]);
    expect(await optOuts.check(number, [one, two, '+123'])).toMatchObject([
      { to: one, httpStatusCode: 200, isOptedOut: true },
      { to: two, httpStatusCode: 200, isOptedOut: false },
      bad,
    ]);
    expect(await optOuts.check(otherNumber, [one])).toMatchObject([{ isOptedOut: false }]);
    expect(await endOf(one)).toContain('4007');
    expect(await optOuts.remove(number, [one, two, '+123'])).toMatchObject([{ httpStatusCode: 200 }, { httpStatusCode: 200 }, bad]);
    expect(await optOuts.check(number, [one])).toMatchObject([{ isOptedOut: false }]);
    expect(await endOf(one)).toContain('2000');
  });

  it('R51: refuses a number that the resource does not own', async () => {
    const other = await newResource(server);
    const { optOuts } = betaClient(other.primaryConnectionString);
    for (const operation of ['add', 'check', 'remove'] as const)
      await expect(optOuts[operation](number, [newPhone()])).rejects.toMatchObject({ statusCode: 401, code: 'Unauthorized' });
  });
});
