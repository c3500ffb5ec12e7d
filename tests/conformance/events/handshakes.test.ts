import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReceiver, type Received, validationOf } from '../../lib/event-receiver.ts';
import { newUser } from '../../lib/chat-user.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--clock', 'virtual'] });
});
afterAll(() => server.stop());

interface Shown {
  readonly provisioningState: string;
  readonly reason?: string;
  readonly error?: { readonly message: string };
}

/** One event for each message. */
const includedEventTypes = ['Microsoft.Communication.ChatMessageReceivedInThread'];

const subscribe = (definition: object) => server.admin<Shown>('POST', '/admin/events/subscriptions', { includedEventTypes, ...definition });
const stateOf = async (name: string): Promise<Shown | undefined> =>
  (
    await server.admin<{ readonly value: readonly (Shown & { readonly name: string })[] }>('GET', '/admin/events/subscriptions')
  ).body.value.find((one) => one.name === name);
const advance = (by: string) => server.admin('POST', '/admin/clock:advance', { by });

async function sendOne(): Promise<void> {
  const rest = new ChatRest(server.endpoint, await newUser(server));
  await rest.send(await rest.createThread(), 'Hello');
}

describe('validation by code', () => {
  it('R107: sends the validation event that the documentation shows', async () => {
    await using receiver = await EventReceiver.open();
    expect((await subscribe({ name: 'by-code', endpointUrl: `${receiver.url}?code=secret` })).status).toBe(201);
    const [handshake] = receiver.handshakes;
    expect(handshake).toMatchObject({ method: 'POST', url: '/hook?code=secret', headers: { 'aeg-event-type': 'SubscriptionValidation' } });
    expect(handshake?.json).toEqual([
      {
        id: expect.any(String) as string,
        topic: expect.stringContaining('/providers/microsoft.communication/communicationservices/local') as string,
        subject: '',
        data: { validationCode: expect.any(String) as string, validationUrl: expect.any(String) as string },
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        eventTime: expect.any(String) as string,
        dataVersion: '1',
        metadataVersion: '1',
      },
    ]);
  });

  it('R107: asks once more after 5 seconds, and then stores nothing', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = (_, response) => void response.writeHead(202);
    const refused = await subscribe({ name: 'accepts', endpointUrl: receiver.url });
    expect(refused).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('202 instead of 200') as string } } });
    expect(receiver.handshakes).toHaveLength(2);
    expect(await stateOf('accepts')).toBeUndefined();
  });

  it('R107: agrees when only the second answer does', async () => {
    await using receiver = await EventReceiver.open();
    const agree = receiver.consent;
    receiver.consent = (received, response) =>
      receiver.handshakes.length === 1 ? void response.writeHead(500) : agree(received, response);
    expect(await subscribe({ name: 'second-try', endpointUrl: receiver.url })).toMatchObject({
      status: 201,
      body: { provisioningState: 'Succeeded' },
    });
  });
});

describe('validation by URL', () => {
  const noCode = (_: Received, response: ServerResponse): void => void response.end('{}');

  it('R107: an endpoint that does not repeat the code waits until its URL is opened', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = noCode;
    const waiting = await subscribe({ name: 'by-url', endpointUrl: receiver.url });
    expect(waiting).toMatchObject({ status: 201, body: { provisioningState: 'AwaitingManualAction' } });
    await sendOne();
    const { validationUrl } = validationOf(receiver.handshakes[0]!);
    expect((await fetch(validationUrl)).status).toBe(200);
    expect(await stateOf('by-url')).toMatchObject({ provisioningState: 'Succeeded' });
    await sendOne();
    await receiver.until(() => receiver.deliveries.length > 0);
    // What happened before the consent is nobody's business.
    await advance('PT1M');
    expect(receiver.deliveries).toHaveLength(1);
    expect((await fetch(validationUrl)).status).toBe(404);
  });

  it('R107: the URL may be opened before the validation event is answered', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = async (received, response) => {
      expect((await fetch(validationOf(received).validationUrl)).status).toBe(200);
      response.writeHead(500);
    };
    expect(await subscribe({ name: 'by-url-early', endpointUrl: receiver.url })).toMatchObject({
      status: 201,
      body: { provisioningState: 'Succeeded' },
    });
  });

  it('R107: it fails when nobody opens the URL within ten minutes of the clock', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = noCode;
    await subscribe({ name: 'forgotten', endpointUrl: receiver.url });
    await advance('PT9M59S');
    expect(await stateOf('forgotten')).toMatchObject({ provisioningState: 'AwaitingManualAction' });
    await advance('PT1S');
    expect(await stateOf('forgotten')).toMatchObject({
      provisioningState: 'Failed',
      reason: expect.stringContaining('not opened') as string,
    });
    expect((await fetch(validationOf(receiver.handshakes[0]!).validationUrl)).status).toBe(404);
  });

  it('R147: the URL is worth nothing without its whole token', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = noCode;
    await subscribe({ name: 'guessed', endpointUrl: receiver.url });
    const url = new URL(validationOf(receiver.handshakes[0]!).validationUrl);
    const token = url.searchParams.get('token')!;
    for (const guess of ['', 'x', token.slice(1), `${token}x`, token.toLowerCase()]) {
      url.searchParams.set('token', guess);
      expect((await fetch(url)).status, guess).toBe(404);
    }
    url.searchParams.delete('token');
    expect((await fetch(url)).status).toBe(400);
    expect(await stateOf('guessed')).toMatchObject({ provisioningState: 'AwaitingManualAction' });
    expect(server.log).not.toContain(token);
  });
});

describe('validation of CloudEvents webhooks', () => {
  const options = (headers: Readonly<Record<string, string>>, status = 200) =>
    ((_: Received, response: ServerResponse) => void response.writeHead(status, headers)) as EventReceiver['consent'];

  it('R107: asks by OPTIONS, and takes the origin, the star or the name of the cloud service for a yes', async () => {
    await using receiver = await EventReceiver.open();
    const origin = new URL(server.ready.httpEndpoint).hostname;
    for (const [index, allowed] of [origin, '*', 'eventgrid.azure.net', `https.example, ${origin.toUpperCase()}`].entries()) {
      receiver.consent = options({ 'WebHook-Allowed-Origin': allowed }, index === 0 ? 405 : 200);
      expect(await subscribe({ name: `cloud-${index}`, endpointUrl: receiver.url, schema: 'CloudEventSchemaV1_0' }), allowed).toMatchObject(
        { status: 201, body: { provisioningState: 'Succeeded' } },
      );
    }
    expect(receiver.handshakes[0]).toMatchObject({
      method: 'OPTIONS',
      url: '/hook',
      headers: {
        'webhook-request-origin': origin,
        'webhook-request-rate': expect.stringMatching(/^\d+$/) as string,
        'webhook-request-callback': expect.stringContaining('/validate?') as string,
      },
    });
  });

  it('R107: takes another origin, and a refusal, for a no', async () => {
    await using receiver = await EventReceiver.open();
    for (const consent of [options({ 'WebHook-Allowed-Origin': 'other.example' }), options({}, 400)]) {
      receiver.consent = consent;
      expect(await subscribe({ name: 'cloud-no', endpointUrl: receiver.url, schema: 'CloudEventSchemaV1_0' })).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('WebHook-Allowed-Origin') as string } },
      });
    }
  });

  it('R107: one that says neither may agree later by the callback URL', async () => {
    await using receiver = await EventReceiver.open();
    receiver.consent = options({});
    const waiting = await subscribe({ name: 'cloud-later', endpointUrl: receiver.url, schema: 'CloudEventSchemaV1_0' });
    expect(waiting).toMatchObject({ status: 201, body: { provisioningState: 'AwaitingManualAction' } });
    const callback = receiver.handshakes[0]!.headers['webhook-request-callback'] as string;
    expect((await fetch(callback, { method: 'POST' })).status).toBe(200);
    expect(await stateOf('cloud-later')).toMatchObject({ provisioningState: 'Succeeded' });
  });
});

describe('updates', () => {
  const update = (name: string, change: object) => server.admin<Shown>('PATCH', `/admin/events/subscriptions/${name}`, change);

  it('R107: ask only when the destination is touched; a refused one changes nothing', async () => {
    await using receiver = await EventReceiver.open();
    await using next = await EventReceiver.open();
    await subscribe({ name: 'moving', endpointUrl: receiver.url });
    expect(await update('moving', { filter: { includedEventTypes, subjectBeginsWith: 'thread/' } })).toMatchObject({
      status: 200,
      body: { provisioningState: 'Succeeded', filter: { subjectBeginsWith: 'thread/' } },
    });
    expect(await update('moving', { includedEventTypes })).toMatchObject({
      body: { filter: { subjectBeginsWith: 'thread/', includedEventTypes } },
    });
    expect(receiver.handshakes).toHaveLength(1);
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: next.url } };
    next.consent = (_, response) => void response.writeHead(404);
    expect((await update('moving', { destination })).status).toBe(400);
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    next.consent = receiver.consent;
    expect(await update('moving', { endpointUrl: next.url })).toMatchObject({ status: 200, body: { provisioningState: 'Succeeded' } });
    await sendOne();
    await next.until(() => next.deliveries.length === 1);
    expect(receiver.deliveries).toHaveLength(1);
  });

  it('R107: while a new destination waits for its URL, events go to the old one', async () => {
    await using receiver = await EventReceiver.open();
    await using next = await EventReceiver.open();
    await subscribe({ name: 'two-ends', endpointUrl: receiver.url });
    next.consent = (_, response) => void response.end('{}');
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: next.url } };
    expect(await update('two-ends', { destination })).toMatchObject({ body: { provisioningState: 'AwaitingManualAction' } });
    await sendOne();
    await receiver.until(() => receiver.deliveries.length === 1);
    await fetch(validationOf(next.handshakes[0]!).validationUrl);
    await sendOne();
    await next.until(() => next.deliveries.length === 1);
    expect(receiver.deliveries).toHaveLength(1);
  });
});
