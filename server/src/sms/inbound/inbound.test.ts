import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../lib/clock.ts';
import { RandomIds } from '../../lib/ids.ts';
import { ManualTimers, recordingLog, RepeatableRandom } from '../../lib/testing.ts';
import type { Storage } from '../../storage/index.ts';
import { afterHooks, BOTH_ENGINES, openStorage, START_MS, type TestEngine } from '../../storage/testing.ts';
import type { ArrivedSegment } from '../carriers/carrier.ts';
import { MessageNumbers } from '../message-number.ts';
import type { NumberDirectory, SmsNumber } from '../numbers.ts';
import { OptOuts } from '../opt-outs/opt-outs.ts';
import type { ReceivedMessage } from '../received-message.ts';
import { smsMigrations } from '../store/migrations.ts';
import { ReceivedStore } from '../store/received-store.ts';
import { Inbound } from './inbound.ts';

const PHONE = '+14255550123';
const NUMBER: SmsNumber = { phoneNumber: '+18005550100', countryCode: 'US', type: 'tollFree', sms: 'inbound+outbound', carrier: undefined };
const TEN_MINUTES_MS = 600_000;

class TestInbound implements AsyncDisposable {
  readonly told: ReceivedMessage[] = [];
  readonly clock = new VirtualClock(START_MS);
  readonly log = recordingLog();
  readonly storage: Storage;
  readonly store: ReceivedStore;
  inbound: Inbound;
  readonly #dispose: () => Promise<void>;

  private constructor(storage: Storage, dispose: () => Promise<void>) {
    this.storage = storage;
    this.store = new ReceivedStore(storage.keys);
    this.#dispose = dispose;
    this.inbound = this.#open();
  }

  static async open(engine: TestEngine): Promise<TestInbound> {
    const database = await engine.open();
    const storage = await openStorage({ engine: database.engine, migrations: smsMigrations });
    return new TestInbound(storage, async () => database[Symbol.asyncDispose]());
  }

  async restart(): Promise<void> {
    this.inbound = this.#open();
    await this.inbound.start();
  }

  /** A segment comes from a carrier. */
  async arrive(text: string, part?: ArrivedSegment['part'], ends: Partial<ArrivedSegment> = {}): Promise<void> {
    await this.inbound.arrived('acme', { from: PHONE, to: NUMBER.phoneNumber, text, ...(part && { part }), ...ends });
    await afterHooks();
  }

  /** Everything that is kept, newest first. */
  kept(): Promise<ReceivedMessage[]> {
    return this.store.newest(this.storage.read, 'resource', { fromNo: 0, limit: 10 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inbound.close();
    await this.storage.due.close();
    await this.#dispose();
  }

  #open(): Inbound {
    const numbers: NumberDirectory = {
      owned: () => undefined,
      ownerOf: (number) => (number === NUMBER.phoneNumber ? { resourceId: 'resource', owned: NUMBER } : undefined),
      emergencyNumberOf: () => undefined,
      textRefusalOf: () => undefined,
    };
    return new Inbound({
      storage: this.storage,
      store: this.store,
      messageNumbers: new MessageNumbers(),
      numbers,
      optOuts: new OptOuts({ clock: this.clock }),
      clock: this.clock,
      timers: new ManualTimers(),
      ids: new RandomIds(new RepeatableRandom()),
      log: this.log.log,
      reassemblyMs: TEN_MINUTES_MS,
      note: (write) => this.storage.write(write),
      tell: (_tx, message) => void this.told.push(message),
      announce: () => undefined,
    });
  }
}

function part(number: number, total = 3, reference = 7) {
  return { reference, total, number };
}

describe.each(BOTH_ENGINES)('texts from phones on $name', (engine) => {
  it('R60: come whole, whatever the carrier writes before their numbers', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('Hello', undefined, { from: '14255550123', to: '18005550100' });
    expect(test.told).toMatchObject([{ from: PHONE, to: NUMBER.phoneNumber, text: 'Hello', segments: 1, state: 'received' }]);
    expect(await test.kept()).toEqual(test.told);
  });

  it('R56: are put together in their order, however their segments come, some of them twice', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('C', part(3));
    await test.arrive('A', part(1));
    await test.arrive('A', part(1));
    await test.arrive('C', part(3));
    expect(test.told).toEqual([]);
    await test.arrive('B', part(2));
    expect(test.told).toMatchObject([{ text: 'ABC', segments: 3 }]);
    await test.clock.advanceTo(START_MS + TEN_MINUTES_MS);
    expect(await test.kept()).toHaveLength(1);
  });

  it('R56: are told apart by sender, reference and total', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('A1', part(1, 2));
    await test.arrive('B1', part(1, 2), { from: '+14255550124' });
    await test.arrive('C1', part(1, 2, 8));
    await test.arrive('D1', part(1, 3));
    await test.arrive('C2', part(2, 2, 8));
    await test.arrive('B2', part(2, 2), { from: '+14255550124' });
    await test.arrive('A2', part(2, 2));
    expect(test.told.map(({ text }) => text)).toEqual(['C1C2', 'B1B2', 'A1A2']);
  });

  it('R56: join what was cut in the middle of a character', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('x\ud83d', part(1, 2));
    await test.arrive('\ude00y', part(2, 2));
    expect(test.told).toMatchObject([{ text: 'x😀y' }]);
  });

  it('R56: are given up when segments do not come in time, which says what is missing', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('secret A', part(1));
    await test.clock.advanceTo(START_MS + 60_000);
    await test.arrive('secret C', part(3));
    await test.clock.advanceTo(START_MS + TEN_MINUTES_MS - 1);
    expect(await test.kept()).toEqual([]);
    await test.clock.advanceTo(START_MS + TEN_MINUTES_MS);
    expect(await test.kept()).toMatchObject([
      { state: 'incomplete', text: 'secret Asecret C', segments: 2, detail: '2 of 3 segments came within 600 s; missing: 2' },
    ]);
    expect(test.told).toEqual([]);
    expect(test.log.lines.join('')).toContain('did not come in time');
    expect(test.log.lines.join('')).not.toMatch(/secret|4255550123/);
    await test.arrive('B', part(2));
    expect(test.told).toEqual([]);
  });

  it('R56: wait for their segments across a restart, and no longer than before', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('A', part(1, 2));
    await test.arrive('X', part(1, 2, 9));
    await test.inbound.close();
    await test.restart();
    await test.arrive('B', part(2, 2));
    expect(test.told).toMatchObject([{ text: 'AB' }]);
    await test.clock.advanceTo(START_MS + TEN_MINUTES_MS);
    expect(await test.kept()).toMatchObject([{ state: 'incomplete', text: 'X' }, { text: 'AB' }]);
  });

  it('go nowhere when nobody has the number', async () => {
    await using test = await TestInbound.open(engine);
    await test.arrive('secret', undefined, { to: '+18005550199' });
    expect(await test.kept()).toEqual([]);
    expect(test.log.lines.join('')).toContain('a number that nobody has');
    expect(test.log.lines.join('')).not.toMatch(/secret|18005550199/);
  });
});
