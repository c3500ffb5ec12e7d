import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, numbersClient, release, TOLL_FREE } from '../../lib/phone-numbers.ts';
import { errorOf, jsonOf, type RawAnswer } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { smsMessages } from '../../lib/sms-admin.ts';
import { postSms, type Problem, sendSms } from '../../lib/sms-rest.ts';
import { whyOf } from '../../lib/why.ts';

const PHONE = '+14255550123';

let server: TestServer;
let number: string;

beforeAll(async () => {
  server = await startServer();
  [number] = (await buy(numbersClient(server.connectionString))) as [string];
});
afterAll(() => server.stop());

function send(from: string, connectionString = server.connectionString): Promise<RawAnswer> {
  return postSms(connectionString, { from, to: [PHONE], message: 'Hello' });
}

async function buyOne(wanted: Partial<typeof TOLL_FREE>): Promise<string> {
  const [bought] = await buy(numbersClient(server.connectionString), { ...TOLL_FREE, ...wanted });
  return bought!;
}

describe('R51: a sender', () => {
  it('of another resource, released or never purchased is refused, and the refusal says what to do', async () => {
    const other = await newResource(server);
    const released = await buyOne({});
    await release(numbersClient(server.connectionString), released);
    for (const answer of [await send(number, other.primaryConnectionString), await send(released), await send('+14255550199')]) {
      expect(answer.status).toBe(401);
      expect(errorOf(answer)).toMatchObject({ code: 'Unauthorized', target: 'from' });
      expect(await whyOf(server, answer)).toMatchObject({
        rule: 'sms.sender-not-owned',
        cure: expect.stringContaining('purchased') as string,
      });
    }
  });

  it('R9, R51: is none by default: a new resource cannot send', async () => {
    const fresh = await newResource(server);
    expect((await send(PHONE, fresh.primaryConnectionString)).status).toBe(401);
  });
});

describe('R52, R149: a number without the capability', () => {
  it.each([
    ['for calls alone', { capabilities: { calling: 'inbound+outbound', sms: 'none' } } as const],
    ['that receives alone', { capabilities: { calling: 'none', sms: 'inbound' } } as const],
    ['toll-free in a country where those send no texts', { countryCode: 'GB', capabilities: { calling: 'inbound', sms: 'none' } } as const],
  ])('%s cannot send, which the refusal says', async (_name, wanted) => {
    const from = await buyOne(wanted);
    const answer = await send(from);
    expect(answer.status, answer.text).toBe(400);
    expect(jsonOf<Problem>(answer).errors['from']).toEqual([
      `from ${from} cannot send text messages: its SMS capability is ${wanted.capabilities.sms}.`,
    ]);
  });
});

describe('R63: a recipient', () => {
  it.each([
    ['+447700900123', 'reach United States, Canada, Puerto Rico, not United Kingdom'],
    ['+4915123456789', 'not Germany'],
    ['+850191234567', 'no text messages here'],
  ])('in a country that a toll-free number does not reach is refused with the reason: %s', async (to, reason) => {
    const [result, other] = await sendSms(server.connectionString, { from: number, to: [to, PHONE], message: 'Hello' });
    expect(result).toMatchObject({ to, httpStatusCode: 400, successful: false, errorMessage: expect.stringContaining(reason) as string });
    expect(other).toMatchObject({ httpStatusCode: 202 });
  });

  it.each(['+16135550123', '+17875550123'])('in Canada or Puerto Rico is reached: %s', async (to) => {
    expect(await sendSms(server.connectionString, { from: number, to: [to], message: 'Hello' })).toMatchObject([{ httpStatusCode: 202 }]);
  });

  it('R59: that is a short code is refused to a toll-free number', async () => {
    const [result] = await sendSms(server.connectionString, { from: number, to: ['12345'], message: 'Hello' });
    expect(result).toMatchObject({ httpStatusCode: 400, errorMessage: 'A toll-free number cannot send to a short code, such as 12345.' });
  });

  it.each(['14255550123', '+1425555012', '+1 425 555 0123', '+0425555012345', 'tel:+14255550123', '+١٤٢٥٥٥٥٠١٢٣', ''])(
    'R73: %j is no number of E.164, and refused',
    async (to) => {
      const [result] = await sendSms(server.connectionString, { from: number, to: [to], message: 'Hello' });
      expect(result).toEqual({ to, httpStatusCode: 400, errorMessage: 'Invalid To phone number format.', successful: false });
    },
  );
});

describe('R74, R153: emergency services', () => {
  it.each(['911', '112', '999', '000', '110', '+1911', '+44999', '+61000', '9-1-1'])(
    'get no texts: %s is refused before any carrier, with a message that says what is needed',
    async (to) => {
      const [result] = await sendSms(server.connectionString, { from: number, to: [to], message: 'Help' });
      expect(result).toMatchObject({
        to,
        httpStatusCode: 400,
        successful: false,
        errorMessage: expect.stringMatching(/is an emergency number.*a certified provider is needed/) as string,
      });
      expect(await smsMessages(server, { match: 'Help' })).toEqual([]);
    },
  );
});
