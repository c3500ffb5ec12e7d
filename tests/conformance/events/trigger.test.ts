import { EVENT_TYPES, type EventGridEvent, type ListedEventType } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../lib/chat-rest.ts';
import { EventListener } from '../../lib/event-listener.ts';
import { publishedProblems } from '../../lib/published-events.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function trigger(body: object) {
  return server.admin<{ readonly value: readonly EventGridEvent[] }>('POST', '/admin/events/trigger', body);
}

describe('R103: a triggered event is true to its published schema', () => {
  it.each(EVENT_TYPES)('$name', async ({ name }) => {
    const { status, body } = await trigger({ type: name });
    expect(status).toBe(201);
    const [event] = body.value;
    expect(event?.eventType).toBe(name);
    expect(publishedProblems(name, event?.data)).toEqual([]);
    expect(event?.subject).toMatch(/^\/?[a-zA-Z]+\/[^{}]+$/);
    expect(event?.topic).toMatch(/^\/subscriptions\/.*\/providers\/microsoft\.communication\/communicationservices\/local$/);
  });
});

it('R104: a type is found whatever its case, without its prefix too, and is told by its exact name', async () => {
  for (const type of ['smsreceived', 'SMSReceived', 'MICROSOFT.COMMUNICATION.SMSRECEIVED'])
    expect((await trigger({ type })).body.value[0]?.eventType).toBe('Microsoft.Communication.SMSReceived');
});

it('a triggered event is delivered like any other', async () => {
  await using listener = await EventListener.open(server, { types: ['Microsoft.Communication.CallStarted'] });
  const { body } = await trigger({ type: 'CallStarted', count: 3 });
  const events = await listener.until(3);
  expect(events.map(({ id }) => id).sort()).toEqual(body.value.map(({ id }) => id).sort());
  expect(new Set(events.map(({ data }) => data['serverCallId'])).size).toBe(3);
});

it('data is merged over the sample, and the subject tells the same', async () => {
  const data = { from: '+4930111', to: '+4930222', message: 'STOP', segmentCount: null };
  const { body } = await trigger({ type: 'SMSReceived', data });
  expect(body.value[0]).toMatchObject({ subject: '/phonenumber/4930222', data: { from: '+4930111', to: '+4930222', message: 'STOP' } });
  expect(body.value[0]?.data).not.toHaveProperty('segmentCount');
  const deep = await trigger({ type: 'CallEnded', data: { reason: { code: 500 } } });
  expect(deep.body.value[0]?.data).toMatchObject({ reason: { code: 500, subCode: 0 } });
});

it('subject and time are taken as they are given', async () => {
  const time = '2030-01-02T03:04:05.678Z';
  const { body } = await trigger({ type: 'SMSReceived', subject: '/phonenumber/1', time });
  expect(body.value[0]).toMatchObject({ subject: '/phonenumber/1', eventTime: time, data: { receivedTimestamp: time } });
});

it('an event of another resource is about that resource', async () => {
  await server.admin('POST', '/admin/resources', { name: 'other', dataLocation: 'Europe' });
  const { body } = await trigger({ type: 'UserDisconnected', source: 'other' });
  expect(body.value[0]?.topic).toMatch(/\/other$/);
});

describe('bad input', () => {
  it.each([
    ['SMSRecieved', 'SMSReceived'],
    ['Microsoft.Communication.CallStart', 'CallStarted'],
    ['participantadded', 'CallParticipantAdded'],
  ])('an unknown type is refused with names near to it: %s', async (type, near) => {
    const { status, body } = await server.admin<ErrorBody>('POST', '/admin/events/trigger', { type });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'BadRequest', target: 'type' });
    expect(body.error.message).toContain(`There is no event type named '${type}'. Did you mean`);
    expect(body.error.message).toContain(near);
  });

  it.each([
    [{ type: 'zzzzzzzzzzzzzzzzzzzzzzzzzzzz' }, 400, 'type'],
    [{ type: 'SMSReceived', source: 'nowhere' }, 404, 'source'],
    [{ type: 'SMSReceived', time: 'yesterday' }, 400, 'time'],
    [{ type: 'SMSReceived', time: '+275760-09-13T00:00:00.000Z' }, 400, 'time'],
    [{ type: 'SMSReceived', count: 0 }, 400, 'count'],
    [{ type: 'SMSReceived', count: 1001 }, 400, 'count'],
    [{ type: 'SMSReceived', data: [] }, 400, 'data'],
    [{}, 400, 'type'],
  ])('%j is refused with %i', refused);

  it('more than a megabyte of all events together is refused', async () => {
    await refused({ type: 'SMSReceived', data: { message: 'x'.repeat(2_000) }, count: 1000 }, 400, 'data');
  });
});

it('lists every type with a sample that is true to its schema', async () => {
  const { body } = await server.admin<{ readonly value: readonly ListedEventType[] }>('GET', '/admin/events/types');
  expect(body.value.map(({ name }) => name)).toEqual(EVENT_TYPES.map(({ name }) => name));
  for (const { name, sample } of body.value) expect([name, publishedProblems(name, sample.data)]).toEqual([name, []]);
  expect(body.value.find(({ name }) => name.endsWith('.SMSReceived'))).toMatchObject({
    group: 'SMS, email and channels',
    sample: { subject: expect.stringMatching(/^\/phonenumber\/\d+$/) as string },
  });
});

async function refused(wish: object, status: number, target: string): Promise<void> {
  const answer = await server.admin<ErrorBody>('POST', '/admin/events/trigger', wish);
  expect(answer.status).toBe(status);
  expect(`${answer.body.error.target ?? ''} ${answer.body.error.message}`).toContain(target);
}
