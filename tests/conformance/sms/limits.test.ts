import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, numbersClient } from '../../lib/phone-numbers.ts';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { smsMessages } from '../../lib/sms-admin.ts';
import { postSms, sendSms } from '../../lib/sms-rest.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const PHONE = '+14255550123';

let server: TestServer;
let azure: string;
let numbers: readonly string[];
let azureNumber: string;

beforeAll(async () => {
  // Stands still: whatever is sent is sent in one moment.
  server = await startServer({ args: ['--clock', 'virtual'] });
  const client = numbersClient(server.connectionString);
  numbers = [...(await buy(client)), ...(await buy(client))];
  azure = (await newResource(server, { limits: 'azure' })).primaryConnectionString;
  [azureNumber] = (await buy(numbersClient(azure))) as [string];
});
afterAll(() => server.stop());

async function advance(by: string): Promise<void> {
  await server.admin('POST', '/admin/clock:advance', { by });
}

/** Sends to so many phones. @returns the status, and after how many seconds it may be tried again */
async function sendTo(count: number, from: string, connectionString = server.connectionString) {
  const to = Array.from({ length: count }, (_, n) => `+1425555${String(n).padStart(4, '0')}`);
  const answer = await postSms(connectionString, { from, to, message: 'Hello' });
  return { status: answer.status, retryAfter: answer.headers['retry-after'], answer };
}

describe('R57, R58: the rate of a number', () => {
  it('is 100 a second: the next is refused until a second is over, all of a request or nothing, and others are unaffected', async () => {
    const [first, second] = numbers as [string, string];
    expect(await sendTo(60, first)).toMatchObject({ status: 202 });
    await advance('PT0.4S');
    expect(await sendTo(40, first)).toMatchObject({ status: 202 });
    const before = (await smsMessages(server, { from: first })).length;
    const { answer, ...refusal } = await sendTo(1, first);
    expect(refusal).toEqual({ status: 429, retryAfter: '1' });
    expect(errorOf(answer)).toMatchObject({ code: 'TooManyRequests', message: expect.stringContaining('sms.number-rate') as string });
    expect(await sendTo(100, second)).toMatchObject({ status: 202 });
    await advance('PT0.599S');
    expect(await sendTo(1, first)).toMatchObject({ status: 429 });
    await advance('PT0.001S');
    expect(await sendTo(61, first)).toMatchObject({ status: 429, retryAfter: '1' });
    expect(await smsMessages(server, { from: first })).toHaveLength(before);
    expect(await sendTo(60, first)).toMatchObject({ status: 202 });
    await advance('PT0.4S');
    expect(await sendTo(40, first)).toMatchObject({ status: 202 });
    expect(await sendTo(100, second)).toMatchObject({ status: 202 });
    await advance('PT1S');
  });

  it('counts no recipient that is refused in its own entry', async () => {
    const [first] = numbers as [string];
    const to = [...new Array<string>(60).fill('nobody'), ...new Array<string>(40).fill(PHONE)];
    for (let n = 0; n < 2; n++) expect((await postSms(server.connectionString, { from: first, to, message: 'x' })).status).toBe(202);
    expect(await sendTo(20, first)).toMatchObject({ status: 202 });
    expect(await sendTo(1, first)).toMatchObject({ status: 429 });
    await advance('PT1S');
  });

  it('is that of Azure under its preset: 200 a minute of a toll-free number', async () => {
    expect(await sendTo(100, azureNumber, azure)).toMatchObject({ status: 202 });
    await advance('PT20S');
    expect(await sendTo(100, azureNumber, azure)).toMatchObject({ status: 202 });
    const { answer, ...refusal } = await sendTo(1, azureNumber, azure);
    expect(refusal).toEqual({ status: 429, retryAfter: '40' });
    expect(errorOf(answer).message).toContain('sms.toll-free-rate');
    await advance('PT40S');
    expect(await sendTo(100, azureNumber, azure)).toMatchObject({ status: 202 });
    expect(await sendTo(1, azureNumber, azure)).toMatchObject({ status: 429, retryAfter: '20' });
  });
});

describe('R55: the length of a message', () => {
  it('is at most 765 characters under the handbook’s limits, and 2,048 under those of Azure', async () => {
    const [from] = numbers as [string];
    const refusalOf = async (connectionString: string, sender: string, length: number) => {
      const answer = await postSms(connectionString, { from: sender, to: [PHONE], message: 'x'.repeat(length) });
      return answer.status === 202
        ? undefined
        : { status: answer.status, errors: jsonOf<{ errors: Record<string, string[]> }>(answer).errors };
    };
    await advance('PT1M');
    expect(await refusalOf(server.connectionString, from, 765)).toBeUndefined();
    expect(await refusalOf(server.connectionString, from, 766)).toMatchObject({
      status: 400,
      errors: { message: [expect.stringMatching(/sms\.message-characters.*765.*handbook.*would pass.*azure/)] },
    });
    expect(await refusalOf(azure, azureNumber, 2_048)).toBeUndefined();
    expect(await refusalOf(azure, azureNumber, 2_049)).toMatchObject({
      status: 400,
      errors: { message: [expect.stringContaining('2048')] },
    });
  });

  it('of 765 characters is five segments', async () => {
    const [from] = numbers as [string];
    const text = `five ${'x'.repeat(760)}`;
    await sendSms(server.connectionString, { from, to: [PHONE], message: text });
    expect(await smsMessages(server, { match: 'five x', wait: '10s' })).toMatchObject([{ segmentCount: 5, message: text }]);
  });
});

it('what waits for a carrier is bounded, and what does not fit is refused as a whole', async () => {
  using folder = new TemporaryFolder();
  const limits = folder.write('limits.yaml', 'sms.queued-messages: 5\n');
  await using small = await startServer({ args: ['--limits', limits] });
  const [from] = (await buy(numbersClient(small.connectionString))) as [string];
  const answer = await postSms(small.connectionString, { from, to: new Array(6).fill(PHONE), message: 'x' });
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('10');
  expect(errorOf(answer).message).toContain('wait for the carrier simulated');
  expect(await sendSms(small.connectionString, { from, to: new Array(5).fill(PHONE), message: 'x' })).toHaveLength(5);
});
