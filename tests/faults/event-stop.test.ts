import { expect, it } from 'vitest';
import { trigger } from '../lib/event-deliveries.ts';
import { EventReceiver, hangs } from '../lib/event-receiver.ts';
import { startServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';

const ENDPOINTS = 5;
const EVENTS = 40;

it('R105: a server told to stop does not wait for endpoints that hang nor for whoever follows events, and delivers after its start', async () => {
  using folder = new TemporaryFolder();
  await using receiver = await EventReceiver.open();
  receiver.answer = hangs;
  let server = await startServer({ data: folder.path });
  try {
    for (let i = 0; i < ENDPOINTS; i += 1) {
      const body = { name: `hook-${i}`, endpointUrl: `${receiver.url}/${i}`, includedEventTypes: ['Microsoft.Communication.SMSReceived'] };
      expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
    }
    await server.admin('PUT', '/admin/events/listeners/idle', {
      filter: { includedEventTypes: ['Microsoft.Communication.SMSDeliveryReportReceived'] },
    });
    const ids = (await trigger(server, { count: EVENTS })).map(({ id }) => id);
    await receiver.until(() => receiver.deliveries.length === 2 * ENDPOINTS);
    const following: Promise<{ readonly status: number }>[] = [];
    for (const path of ['/admin/events?match=nothing&wait=60s', '/admin/events/listeners/idle/deliveries?wait=60s']) {
      following.push(server.admin('GET', path));
      // What is answered came after it.
      await server.admin('GET', '/admin/status');
    }
    const followed = Promise.allSettled(following);

    // Anything else says that it had to be cut off.
    expect(await server.stop()).toBe(0);
    expect(await followed).toMatchObject(following.map(() => ({ status: 'fulfilled', value: { status: 200 } })));
    receiver.deliveries.length = 0;
    receiver.answer = () => undefined;
    server = await startServer({ data: folder.path });
    const reached = (i: number) =>
      new Set(receiver.deliveries.filter(({ url }) => url.endsWith(`/${i}`)).map(({ json }) => (json as { id: string }[])[0]!.id));
    await receiver.until(() => receiver.deliveries.length >= ENDPOINTS * EVENTS);
    for (let i = 0; i < ENDPOINTS; i += 1) expect(reached(i)).toEqual(new Set(ids));
  } finally {
    await server.stop();
  }
});
