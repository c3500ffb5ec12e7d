import type { LoggedEvent } from '@switchboard/contract';
import type { TestServer } from './server.ts';

export type LoggedDelivery = LoggedEvent['deliveries'][number];

/** Lets events happen, of a type that nothing else causes in tests that use this; resolves when the log knows them. */
export async function trigger(server: TestServer, more: object = {}): Promise<readonly LoggedEvent['event'][]> {
  const { status, body } = await server.admin<{ value: LoggedEvent['event'][] }>('POST', '/admin/events/trigger', {
    type: 'SMSReceived',
    ...more,
  });
  if (status !== 201) throw new Error(`the event was refused: ${JSON.stringify(body)}`);
  // They are stored when this is answered, and logged a moment later.
  await server.admin('GET', `/admin/events?id=${body.value.at(-1)!.id}&wait=20s`);
  return body.value;
}

/** The newest delivery to a subscription, as soon as it is as the test wants it. */
export async function deliveryTo(
  server: TestServer,
  subscription: string,
  test: (delivery: LoggedDelivery) => boolean = ({ attempts }) => attempts.length > 0,
): Promise<LoggedDelivery> {
  for (let after = ''; ;) {
    const path = `/admin/events?subscription=${subscription}&limit=1${after}`;
    const { body } = await server.admin<{ value: LoggedEvent[]; revision: number }>('GET', path);
    const found = body.value[0]?.deliveries.find((one) => one.subscription === subscription);
    if (found !== undefined && test(found)) return found;
    after = `&after=${body.revision}&wait=20s`;
  }
}

/** Moves the virtual clock; what is due by then has been done when it resolves. */
export async function advance(server: TestServer, by: string): Promise<void> {
  const { status } = await server.admin('POST', '/admin/clock:advance', { by });
  if (status !== 200) throw new Error(`the clock did not move by ${by}: ${status}`);
}
