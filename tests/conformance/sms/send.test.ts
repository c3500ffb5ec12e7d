import { isSystemEvent } from '@azure/eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { buy, numbersClient } from '../../lib/phone-numbers.ts';
import { jsonOf } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { getReport, postSms, type Problem, reportOf, sendSms, SMS_API_VERSIONS } from '../../lib/sms-rest.ts';
import { SMS_SDKS } from '../../lib/sms-sdk.ts';

const PHONE = '+14255550123';
const OTHER_PHONE = '+14255550124';
const MESSAGE_ID = /^Outgoing_\d{14}[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

let server: TestServer;
let receiver: EventReceiver;
let from: string;

beforeAll(async () => {
  server = await startServer();
  [from] = (await buy(numbersClient(server.connectionString))) as [string];
  receiver = await EventReceiver.open();
  await server.admin('POST', '/admin/events/subscriptions', {
    name: 'reports',
    endpointUrl: receiver.url,
    includedEventTypes: ['Microsoft.Communication.SMSDeliveryReportReceived'],
  });
});
afterAll(async () => {
  await server.stop();
  await receiver[Symbol.asyncDispose]();
});

describe.each(SMS_SDKS)('SDK $version', ({ connect }) => {
  it('R50: sends to several phones, and gives each a result of its own', async () => {
    const results = await connect(server.connectionString).send({ from, to: [PHONE, OTHER_PHONE], message: 'Hello' });
    expect(results).toMatchObject([
      { to: PHONE, httpStatusCode: 202, successful: true },
      { to: OTHER_PHONE, httpStatusCode: 202, successful: true },
    ]);
    expect(results.map(({ messageId }) => messageId)).toEqual([expect.stringMatching(MESSAGE_ID), expect.stringMatching(MESSAGE_ID)]);
  });

  it('R50: gives every message an id of its own', async () => {
    const client = connect(server.connectionString);
    const sent = [await client.send({ from, to: [PHONE], message: 'Hello' }), await client.send({ from, to: [PHONE], message: 'Hello' })];
    const ids = sent.flat().map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
  });

  it('R62, R73: tells of a badly formed number in its own entry, in the words of the service', async () => {
    const results = await connect(server.connectionString).send({ from, to: ['+142555501234567890', PHONE], message: 'Hello' });
    expect(results).toMatchObject([
      { to: '+142555501234567890', httpStatusCode: 400, successful: false, errorMessage: 'Invalid To phone number format.' },
      { to: PHONE, httpStatusCode: 202, successful: true },
    ]);
    expect(results[0]?.messageId).toBeUndefined();
  });

  it.each(['+14255550000', '+1425', 'nobody', ''])(
    'R51, R73: refuses to send from %j, which the resource does not own',
    async (unowned) => {
      const sent = connect(server.connectionString).send({ from: unowned, to: [PHONE], message: 'Hello' });
      await expect(sent).rejects.toMatchObject({ statusCode: 401, code: 'Unauthorized' });
    },
  );

  it('R61: tells what became of a message by one event, when that was asked for', async () => {
    const tag = crypto.randomUUID();
    const options = { enableDeliveryReport: true, tag };
    const [sent] = await connect(server.connectionString).send({ from, to: [PHONE], message: 'x'.repeat(161) }, options);
    const ofThis = () => receiver.events.filter(({ data }) => (data as { readonly tag?: string }).tag === tag);
    await receiver.until(() => ofThis().length > 0);
    const [event] = ofThis();
    expect(event).toMatchObject({
      subject: `/phonenumber/${from.slice(1)}`,
      eventType: 'Microsoft.Communication.SMSDeliveryReportReceived',
      data: {
        messageId: sent?.messageId,
        from: from.slice(1),
        to: PHONE,
        deliveryStatus: 'Delivered',
        deliveryStatusDetails: '2000: Message delivered successfully',
        deliveryAttempts: [{ segmentsSucceeded: 2, segmentsFailed: 0 }],
        tag,
      },
    });
    const { data } = event as { readonly data: unknown };
    expect(isSystemEvent('Microsoft.Communication.SMSDeliveryReportReceived', event as never)).toBe(true);
    expect(await reportOf(server, sent?.messageId ?? '')).toEqual({ ...(data as object), from });
  });
});

describe('over REST', () => {
  it.each(SMS_API_VERSIONS)('R50: takes both shapes in version %s', async (version) => {
    const sdk = { from, message: 'Hello', smsRecipients: [{ to: PHONE }], smsSendOptions: { enableDeliveryReport: false } };
    const handbook = { from, message: 'Hello', to: [PHONE] };
    for (const body of [sdk, handbook, { ...handbook, to: PHONE, enableDeliveryReport: true, tag: 'x' }])
      expect(await sendSms(server.connectionString, body, version)).toMatchObject([{ to: PHONE, httpStatusCode: 202, successful: true }]);
  });

  it.each([
    ['no recipients', { smsRecipients: [] }, 'smsRecipients'],
    ['both forms of recipients', { smsRecipients: [{ to: PHONE }], to: [PHONE] }, 'smsRecipients'],
    ['too many recipients', { to: new Array(101).fill(PHONE) }, 'to'],
    ['a recipient that is no text', { smsRecipients: [{ to: 5 }] }, 'smsRecipients[0].to'],
    ['a time-out below a minute', { to: [PHONE], deliveryReportTimeoutInSeconds: 59 }, 'deliveryReportTimeoutInSeconds'],
    ['delivery by a partner', { to: [PHONE], smsSendOptions: { messagingConnect: { partner: 'x' } } }, 'smsSendOptions.messagingConnect'],
  ])('R62: answers %s with a problem document that names the field', async (_name, part, field) => {
    const answer = await postSms(server.connectionString, { from, message: 'Hello', ...part });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const { traceId, ...problem } = jsonOf<Problem>(answer);
    expect(problem).toMatchObject({ title: 'One or more validation errors occurred.', status: 400 });
    expect(Object.keys(problem.errors)).toEqual([field]);
    expect(traceId).toBe(answer.headers['x-ms-request-id']);
  });

  it('R62: has no report of what nobody sent', async () => {
    const answer = await getReport(server.connectionString, 'Outgoing_20261122205413019de4a0-0000-7000-8000-000000000000');
    expect(answer.status).toBe(404);
    expect(jsonOf(answer)).toMatchObject({ type: 'https://tools.ietf.org/html/rfc9110#section-15.5.5', title: 'Not Found', status: 404 });
  });
});

describe('R66: a recipient with a repeatability id', () => {
  const firstSent = new Date().toUTCString();
  const recipient = (id: string = crypto.randomUUID()) => ({ to: PHONE, repeatabilityRequestId: id, repeatabilityFirstSent: firstSent });

  it('is sent to once, however often it comes', async () => {
    const body = { from, message: 'Once', smsRecipients: [recipient()] };
    const [first] = await sendSms(server.connectionString, body);
    expect(first).toMatchObject({ httpStatusCode: 202, repeatabilityResult: 'accepted', successful: true });
    const again = await Promise.all(Array.from({ length: 10 }, () => sendSms(server.connectionString, body)));
    expect(again.flat().map((result) => result)).toEqual(new Array(10).fill(first));
  });

  it('is sent to once when it stands twice in one request', async () => {
    const twice = recipient();
    const [first, second] = await sendSms(server.connectionString, { from, message: 'Once', smsRecipients: [twice, twice] });
    expect(second).toEqual(first);
  });

  it('is rejected when the id stood for another message', async () => {
    const used = recipient();
    await sendSms(server.connectionString, { from, message: 'One', smsRecipients: [used] });
    const [result] = await sendSms(server.connectionString, { from, message: 'Other', smsRecipients: [used] });
    expect(result).toMatchObject({ httpStatusCode: 400, repeatabilityResult: 'rejected', successful: false });
  });

  it.each([undefined, '2026-01-01T00:00:00Z', 'yesterday'])('is rejected with the time %j', async (repeatabilityFirstSent) => {
    const [result] = await sendSms(server.connectionString, {
      from,
      message: 'x',
      smsRecipients: [{ ...recipient(), repeatabilityFirstSent }],
    });
    expect(result).toEqual({
      to: PHONE,
      httpStatusCode: 400,
      repeatabilityResult: 'rejected',
      errorMessage: 'Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.',
      successful: false,
    });
  });
});
