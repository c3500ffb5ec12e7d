import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const TYPE = 'Microsoft.Communication.ChatMessageReceivedInThread';
const MINUTE_MS = 60_000;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
});
afterAll(() => server.stop());

interface LoggedDelivery {
  readonly state: string;
  readonly reason?: string;
  readonly nextAttemptAt?: string;
  readonly attemptCount: number;
  readonly attempts: readonly { readonly at: string; readonly outcome: string }[];
}

async function sendOne(): Promise<void> {
  const rest = new ChatRest(server.endpoint, await newUser(server));
  await rest.send(await rest.createThread(), 'Hello');
}

async function subscribe(name: string, endpointUrl: string, more: object = {}): Promise<void> {
  const body = { name, endpointUrl, includedEventTypes: [TYPE], ...more };
  expect(await server.admin('POST', '/admin/events/subscriptions', body)).toMatchObject({ status: 201 });
}

async function deliveryTo(name: string): Promise<LoggedDelivery> {
  const { body } = await server.admin<{ value: { deliveries: (LoggedDelivery & { subscription: string })[] }[] }>(
    'GET',
    `/admin/events?subscription=${name}`,
  );
  return body.value[0]!.deliveries.find(({ subscription }) => subscription === name)!;
}

function advance(by: string): Promise<unknown> {
  return server.admin('POST', '/admin/clock:advance', { by });
}

/** Every file below a folder, with its path. */
function filesIn(folder: string): { readonly path: string; readonly json: Record<string, unknown>[] }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => ({ path, json: JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>[] }));
}

describe('an event that is not taken', () => {
  it('R105: is tried on the published steps, minute by minute, and dropped when its day is over', { timeout: 180_000 }, async () => {
    await using receiver = await EventReceiver.open();
    receiver.answer = (_, response) => void response.writeHead(500);
    await subscribe('by-minutes', receiver.url);
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    for (let minute = 1; minute < 24 * 60; minute += 1) await advance('PT1M');
    expect(await deliveryTo('by-minutes')).toMatchObject({ state: 'waiting' });
    await advance('PT1M');
    const { state, reason, attempts } = await deliveryTo('by-minutes');
    expect({ state, reason }).toEqual({ state: 'dropped', reason: 'TimeToLiveExceeded' });
    // 10 s, 30 s, 1, 5, 10, 30 min, 1, 3, 6, 12 h, each up to a tenth longer; the last may lie beyond the day.
    const steps = [1 / 6, 0.5, 1, 5, 10, 30, 60, 180, 360, 720].map((minutes) => minutes * MINUTE_MS);
    expect(attempts.length - 1).toBeGreaterThanOrEqual(steps.length - 1);
    const waits = attempts.slice(1).map(({ at }, i) => Date.parse(at) - Date.parse(attempts[i]!.at));
    for (const [i, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual(steps[i]!);
      expect(waitMs).toBeLessThanOrEqual(steps[i]! * 1.1 + 1);
    }
  });

  it.each([
    [400, 'UndeliverableDueToHttpBadRequest'],
    [401, 'UndeliverableDueToHttpUnauthorized'],
    [403, 'UndeliverableDueToHttpForbidden'],
    [413, 'UndeliverableDueToHttpRequestEntityTooLarge'],
  ])('R105: with %d is not tried again', async (status, reason) => {
    await using receiver = await EventReceiver.open();
    receiver.answer = (_, response) => void response.writeHead(status);
    await subscribe(`final-${status}`, receiver.url);
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    await advance('PT1H');
    expect(await deliveryTo(`final-${status}`)).toMatchObject({ state: 'dropped', reason, attemptCount: 1 });
  });

  it.each([
    [404, 5 * 60],
    [408, 2 * 60],
    [503, 30],
  ])('R105: with %d is tried again after %d s at the earliest', async (status, seconds) => {
    await using receiver = await EventReceiver.open();
    receiver.answer = (_, response) => void response.writeHead(status);
    await subscribe(`slower-${status}`, receiver.url);
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    await advance(`PT${seconds - 1}S`);
    expect(receiver.deliveries).toHaveLength(1);
    await advance(`PT${Math.ceil(seconds / 10) + 2}S`);
    expect(receiver.deliveries).toHaveLength(2);
  });
});

describe('dead letters', () => {
  it('R105: lie in the folder five minutes after the last attempt, with reason, attempts, outcome and times', async () => {
    await using receiver = await EventReceiver.open();
    receiver.answer = (_, response) => void response.writeHead(500);
    await subscribe('to-folder', receiver.url, {
      retryPolicy: { maxDeliveryAttempts: 2 },
      deadLetterDestination: { endpointType: 'Folder' },
    });
    const folder = join(server.data, 'dead-letters');
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    await advance('PT15S');
    expect(await deliveryTo('to-folder')).toMatchObject({ state: 'waiting', reason: 'MaxDeliveryAttemptsExceeded', attemptCount: 2 });
    await advance('PT4M40S');
    expect(await deliveryTo('to-folder')).toMatchObject({ state: 'waiting' });
    await advance('PT20S');
    expect(await deliveryTo('to-folder')).toMatchObject({ state: 'deadLettered', reason: 'MaxDeliveryAttemptsExceeded' });
    const [file] = filesIn(folder);
    expect(file?.path).toMatch(/^TO-FOLDER\/\d{4}\/[1-9]\d?\/[1-9]\d?\/1?\d?\d\/[0-9a-f-]{36}\.json$/);
    const [{ attempts }, letter] = [await deliveryTo('to-folder'), file!.json[0]!];
    expect(letter).toMatchObject({
      eventType: TYPE,
      deadLetterReason: 'MaxDeliveryAttemptsExceeded',
      deliveryAttempts: 2,
      lastDeliveryOutcome: 'Busy',
      lastDeliveryAttemptTime: attempts[1]!.at,
      publishTime: expect.stringMatching(/^\d{4}-/) as unknown,
    });
  });

  it('R105: of CloudEvents have their members in lower case', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = (_, response) => void response.writeHead(200, { 'webhook-allowed-origin': '*' }).end();
    receiver.answer = (_, response) => void response.writeHead(400);
    await subscribe('cloud-letters', receiver.url, {
      eventDeliverySchema: 'CloudEventSchemaV1_0',
      deadLetterDestination: { endpointType: 'Folder' },
    });
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    await advance('PT6M');
    const file = filesIn(join(server.data, 'dead-letters')).find(({ path }) => path.startsWith('CLOUD-LETTERS/'));
    expect(file?.json).toMatchObject([
      {
        specversion: '1.0',
        type: TYPE,
        deadletterreason: 'UndeliverableDueToHttpBadRequest',
        deliveryattempts: 1,
        lastdeliveryoutcome: 'BadRequest',
      },
    ]);
  });
});
