import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerForLetters, FolderForLetters, type Place } from '../../lib/dead-letter-places.ts';
import { advance, deliveryTo, trigger } from '../../lib/event-deliveries.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const PATIENCE = { timeout: 20_000 };

const PLACES: readonly { readonly name: string; readonly open: () => Promise<Place>; readonly whenAway: RegExp }[] = [
  { name: 'a folder', open: () => Promise.resolve(new FolderForLetters()), whenAway: /^(ENOTDIR|EEXIST): / },
  {
    name: 'a container',
    open: () => ContainerForLetters.open('container'),
    whenAway: /^the store answered 404 \(ContainerNotFound: [^<\n]+\)$/,
  },
  { name: 'a storage account', open: () => ContainerForLetters.open('account'), whenAway: /^nothing listens there \(ECONNREFUSED\)$/ },
];

describe.each(PLACES)('dead letters in $name', ({ open, whenAway }) => {
  let place: Place;
  let refusing: EventReceiver;
  let server: TestServer;
  beforeAll(async () => {
    place = await open();
    refusing = await EventReceiver.open();
    refusing.answer = (_, response) => void response.writeHead(400);
    const { args = [], ...others } = place.start;
    server = await startServer({ args: ['--memory', '--clock', 'virtual', ...args], ...others });
  });
  afterAll(async () => {
    await server.stop();
    await refusing[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** Subscribes an endpoint that refuses every event for good, and lets so many events happen. @returns their ids */
  async function giveUp(name: string, count: number): Promise<Set<string>> {
    const filter = { includedEventTypes: ['Microsoft.Communication.SMSReceived'], subjectEndsWith: `/${name}` };
    const body = { name, endpointUrl: refusing.url, filter, deadLetterDestination: place.destination };
    expect(await server.admin('POST', '/admin/events/subscriptions', body)).toMatchObject({ status: 201 });
    const events = await trigger(server, { subject: `/phonenumber/${name}`, count });
    await deliveryTo(server, name, ({ reason }) => reason !== undefined);
    await advance(server, 'PT1S');
    return new Set(events.map(({ id }) => id));
  }

  async function lettersOf(name: string): Promise<Record<string, unknown>[]> {
    const files = await place.files();
    return files.filter(({ path }) => path.startsWith(`${name.toUpperCase()}/`)).flatMap(({ letters }) => letters);
  }

  const idsOf = (letters: readonly Record<string, unknown>[]) => new Set(letters.map(({ id }) => id));

  it('R105: lie five minutes after the last attempt by name and hour, several together, with what became of them', async () => {
    const ids = await giveUp('many', 40);
    await advance(server, 'PT4M50S');
    expect(await place.files()).toEqual([]);
    await advance(server, 'PT9S');
    expect(idsOf(await lettersOf('many'))).toEqual(ids);
    const files = await place.files();
    expect(files.length).toBeLessThan(10);
    const { attempts } = await deliveryTo(server, 'many', ({ state }) => state === 'deadLettered');
    const writtenAt = new Date(Date.parse(attempts[0]!.at) + 5 * 60_000);
    const hour = [writtenAt.getUTCFullYear(), writtenAt.getUTCMonth() + 1, writtenAt.getUTCDate(), writtenAt.getUTCHours()].join('/');
    for (const { path } of files) expect(path).toMatch(new RegExp(`^MANY/${hour}/[0-9a-f-]{36}\\.json$`));
    expect(files[0]?.letters[0]).toMatchObject({
      eventType: 'Microsoft.Communication.SMSReceived',
      deadLetterReason: 'UndeliverableDueToHttpBadRequest',
      deliveryAttempts: 1,
      lastDeliveryOutcome: 'BadRequest',
      lastDeliveryAttemptTime: attempts[0]?.at,
    });
  });

  it('R105: wait while it is away, and the log says why', async () => {
    const ids = await giveUp('patient', 20);
    await place.takeAway();
    await advance(server, 'PT5M');
    expect(await deliveryTo(server, 'patient')).toMatchObject({
      state: 'waiting',
      reason: 'UndeliverableDueToHttpBadRequest',
      deadLetterProblem: expect.stringMatching(whenAway) as unknown,
    });
    // What the server writes comes by another way than its answers.
    await expect.poll(() => server.log.includes('dead letters could not be kept'), PATIENCE).toBe(true);
    await advance(server, 'PT3H');
    await place.bringBack();
    await advance(server, 'PT1M');
    const kept = await deliveryTo(server, 'patient');
    expect(kept).toMatchObject({ state: 'deadLettered' });
    expect(kept).not.toHaveProperty('deadLetterProblem');
    expect(idsOf(await lettersOf('patient'))).toEqual(ids);
  });

  it('R105: are dropped when it was away for four hours, and the log says so', async () => {
    await giveUp('forlorn', 20);
    await place.takeAway();
    await advance(server, 'PT5M');
    await advance(server, 'PT3H59M');
    expect(await deliveryTo(server, 'forlorn')).toMatchObject({ state: 'waiting' });
    await advance(server, 'PT1M');
    expect(await deliveryTo(server, 'forlorn')).toMatchObject({
      state: 'dropped',
      reason: 'UndeliverableDueToHttpBadRequest',
      deadLetterProblem: expect.stringMatching(whenAway) as unknown,
    });
    await expect.poll(() => server.log.includes('dead letters were dropped'), PATIENCE).toBe(true);
    await place.bringBack();
    await advance(server, 'PT10M');
    expect(await lettersOf('forlorn')).toEqual([]);
  });
});
