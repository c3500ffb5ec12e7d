import { describe, expect, it } from 'vitest';
import { command, serve } from './testing.ts';

const EVENT = {
  id: 'e1',
  topic: 't',
  subject: '/phonenumber/1',
  data: {},
  eventType: 'Microsoft.Communication.SMSReceived',
  dataVersion: '1.0',
  metadataVersion: '1',
  eventTime: '2026-01-01T00:00:00.000Z',
};

describe('switchboard trigger', () => {
  it('lets an event happen and prints it', async () => {
    await using server = await serve({ status: 201, body: { value: [EVENT] } });
    const target = ['--data', server.folder];
    expect((await command('trigger', 'smsreceived', ...target)).out).toBe('e1  SMSReceived  /phonenumber/1\n');
    const all = [
      '--event-data',
      '{"message":"STOP"}',
      '--subject',
      's',
      '--source',
      'mine',
      '--count',
      '3',
      '--time',
      '2026-01-01T00:00:00Z',
    ];
    expect(JSON.parse((await command('trigger', 'SMSReceived', ...all, '--json', ...target)).out)).toEqual([EVENT]);
    expect(server.seen.map(({ method, url, body }) => [method, url, JSON.parse(body) as unknown])).toEqual([
      ['POST', '/admin/events/trigger', { type: 'smsreceived', source: null, subject: null, data: null, count: null, time: null }],
      [
        'POST',
        '/admin/events/trigger',
        { type: 'SMSReceived', source: 'mine', subject: 's', data: { message: 'STOP' }, count: 3, time: '2026-01-01T00:00:00Z' },
      ],
    ]);
  });

  it('lists every type', async () => {
    const { code, out } = await command('trigger', '--list');
    expect(code).toBe(0);
    expect(out).toMatch(/^EVENT +MEANS\n/);
    expect(out).toContain('SMSDeliveryReportReceived ');
  });

  it.each([
    [[], /name an event, e\.g\. SMSReceived/],
    [['SMSReceived', '--event-data', '{'], /--event-data is no JSON/],
  ])('refuses %j', async (args, message) => {
    await using server = await serve({ status: 201, body: { value: [] } });
    const { code, err } = await command('trigger', ...args, '--data', server.folder);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(server.seen).toEqual([]);
  });
});

describe('switchboard events', () => {
  const delivery = { subscription: 'hook', state: 'waiting', attemptCount: 1, attempts: [{ at: '', durationMs: 1, outcome: 'TimedOut' }] };

  it('asks for what is wanted, and shows how deliveries went', async () => {
    await using server = await serve({ status: 200, body: { value: [{ event: EVENT, source: 'local', deliveries: [delivery] }] } });
    const listed = await command('events', '--type', 'SMSReceived', '--match', 'a b', '--wait', '5s', '--data', server.folder);
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.out).toContain('2026-01-01T00:00:00.000Z  e1  SMSReceived  /phonenumber/1  hook: waiting (TimedOut)');
    expect(server.seen[0]?.url).toBe('/admin/events?type=SMSReceived&match=a+b&wait=5s');
  });

  it('fails when fewer come than were waited for', async () => {
    await using server = await serve({ status: 200, body: { value: [{ event: EVENT, source: 'local', deliveries: [] }] } });
    expect((await command('events', '--wait', '5s', '--count', '2', '--data', server.folder)).code).toBe(1);
  });

  it('says when nobody wants a replay', async () => {
    await using server = await serve({ status: 201, body: { event: EVENT, queued: 0 } });
    expect((await command('events', 'replay', 'e1', '--data', server.folder)).out).toBe('e1 is wanted by no subscription\n');
    expect(server.seen[0]).toMatchObject({ url: '/admin/events/e1:replay', body: '{"subscription":null,"subject":null}' });
  });
});
