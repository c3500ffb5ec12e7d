import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../storage/index.ts';
import { BOTH_ENGINES, START_MS } from '../storage/testing.ts';
import type { CarriedMessage, CarrierReceipt, Submission } from './carriers/carrier.ts';
import { accepted, carrierIdsOf, TestTraffic } from './testing.ts';

const DOWN: Submission = { kind: 'later', reason: 'down', detail: 'not connected' };

/** Answers that come when the test says so. */
function held(test: TestTraffic) {
  const waiting: { readonly message: CarriedMessage; readonly answer: (submission: Submission) => void }[] = [];
  test.carrier.answer = (message) => new Promise((answer) => waiting.push({ message, answer }));
  return waiting;
}

async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}

describe.each(BOTH_ENGINES)('messages on their way on $name', (engine) => {
  it('are handed over as they were written, and end with the receipt', async () => {
    await using test = await TestTraffic.open(engine);
    const [message] = await test.send({ text: 'Grüße', wantsReport: true });
    await test.traffic.idle();
    expect(test.carrier.submitted).toMatchObject([{ no: message!.no, encoding: 'gsm7', segments: ['Grüße'], isFlash: false }]);
    expect(await test.progressOf(message!)).toMatchObject({ state: 'submitted', submittedAtMs: START_MS });
    expect(test.reports).toEqual([]);
    expect(await test.carrier.listener!.receipt({ carrierId: `${message!.no}/0` })).toBe('noted');
    expect(await test.progressOf(message!)).toEqual({
      state: 'delivered',
      succeeded: 1,
      failed: 0,
      submittedAtMs: START_MS,
      concludedAtMs: START_MS,
      code: 2000,
    });
    expect(test.reports).toMatchObject([{ messageId: message!.messageId, progress: { state: 'delivered' } }]);
    expect(await test.carrier.listener!.receipt({ carrierId: `${message!.no}/0` })).toBe('unknown');
  });

  it('end when every segment has: delivered if all are, else with what the first failure was', async () => {
    await using test = await TestTraffic.open(engine);
    const [whole, torn] = await test.send({ text: 'x'.repeat(400), segments: 3 }, { to: '+2', text: 'y'.repeat(400), segments: 3 });
    await test.traffic.idle();
    const receipt = (given: CarrierReceipt) => test.carrier.listener!.receipt(given);
    const [first, second, third] = carrierIdsOf(whole!);
    await receipt({ carrierId: third! });
    await receipt({ carrierId: first! });
    expect(await test.progressOf(whole!)).toMatchObject({ state: 'submitted', succeeded: 2 });
    await receipt({ carrierId: second! });
    expect(await test.progressOf(whole!)).toMatchObject({ state: 'delivered', succeeded: 3, failed: 0, code: 2000 });
    const [one, two, three] = carrierIdsOf(torn!);
    await receipt({ carrierId: two!, failure: { code: 4006, text: 'switched off' } });
    await receipt({ carrierId: one! });
    await receipt({ carrierId: three!, failure: { code: 5000 } });
    expect(await test.progressOf(torn!)).toMatchObject({ state: 'failed', succeeded: 1, failed: 2, code: 4006, detail: 'switched off' });
  });

  it('may have their receipt before the answer that names them', async () => {
    await using test = await TestTraffic.open(engine);
    const waiting = held(test);
    const [message] = await test.send({});
    await until(() => waiting.length === 1);
    const early = test.carrier.listener!.receipt({ carrierId: `${message!.no}/0` });
    const never = test.carrier.listener!.receipt({ carrierId: 'of nobody' });
    await turns();
    waiting[0]!.answer(accepted(waiting[0]!.message));
    expect(await early).toBe('noted');
    expect(await test.progressOf(message!)).toMatchObject({ state: 'delivered' });
    test.timers.advance(10_000);
    expect(await never).toBe('unknown');
  });

  it('fail at once where the carrier refuses them, or some of their segments', async () => {
    await using test = await TestTraffic.open(engine);
    test.carrier.answer = ({ to, segments }) =>
      to === '+1'
        ? { kind: 'refused', failure: { code: 4005 } }
        : {
            kind: 'accepted',
            segments: segments.map((_, n) => (n === 0 ? { code: 4001, text: 'bad source' } : { carrierId: `${to} ${n}` })),
          };
    const sent = await test.send({ to: '+1' }, { to: '+2' }, { to: '+3', text: 'x'.repeat(300), segments: 2 });
    await test.traffic.idle();
    expect(await test.progressOf(sent[0]!)).toMatchObject({ state: 'failed', code: 4005, failed: 1 });
    expect(await test.progressOf(sent[1]!)).toMatchObject({ state: 'failed', code: 4001, detail: 'bad source' });
    expect(await test.progressOf(sent[2]!)).toMatchObject({ state: 'submitted', failed: 1 });
    await test.carrier.listener!.receipt({ carrierId: '+3 1' });
    expect(await test.progressOf(sent[2]!)).toMatchObject({ state: 'failed', code: 4001, succeeded: 1, failed: 1 });
  });

  it('go to each phone one after the other, and to others beside it, no more at once than the carrier takes', async () => {
    await using test = await TestTraffic.open(engine);
    test.carrier.window = 3;
    const waiting = held(test);
    await test.send(...[1, 2, 3, 4, 5, 6].map((n) => ({ to: n <= 3 ? '+1' : `+${n}`, text: String(n) })));
    await until(() => waiting.length === 3);
    expect(test.carrier.underWay).toEqual(['+1', '+4', '+5']);
    waiting[1]!.answer(accepted(waiting[1]!.message));
    await until(() => waiting.length === 4);
    expect(test.carrier.underWay).toEqual(['+1', '+5', '+6']);
    waiting[0]!.answer(accepted(waiting[0]!.message));
    await until(() => waiting.length === 5);
    expect(waiting[4]!.message.segments).toEqual(['2']);
    for (const { message, answer } of waiting) answer(accepted(message));
    await until(() => waiting.length === 6);
    waiting[5]!.answer(accepted(waiting[5]!.message));
    await test.traffic.idle();
    expect(test.carrier.submitted.map(({ segments }) => segments[0])).toEqual(['1', '4', '5', '6', '2', '3']);
  });

  it('wait for a carrier that is down, in their order, and go when it says that it is back', async () => {
    await using test = await TestTraffic.open(engine);
    test.carrier.answer = () => DOWN;
    const sent = await test.send(...[1, 2, 3].map((n) => ({ text: String(n) })));
    await test.traffic.idle();
    expect(test.carrier.submitted).toHaveLength(1);
    expect(test.traffic.waitingFor('test')).toBe(3);
    for (const pauseMs of [500, 1_000, 2_000, 4_000]) {
      const before = test.carrier.submitted.length;
      test.timers.advance(pauseMs - 1);
      await test.traffic.idle();
      expect(test.carrier.submitted).toHaveLength(before);
      test.timers.advance(1);
      await test.traffic.idle();
      expect(test.carrier.submitted).toHaveLength(before + 1);
    }
    expect(test.log.lines.filter((line) => line.includes('takes no messages'))).toHaveLength(1);
    const tried = test.carrier.submitted.length;
    test.carrier.answer = accepted;
    test.carrier.listener!.ready();
    await test.traffic.idle();
    expect(test.carrier.submitted.slice(tried).map(({ no }) => no)).toEqual(sent.map(({ no }) => no));
    expect(test.log.lines.at(-1)).toContain('takes messages again');
    expect(test.traffic.waitingFor('test')).toBe(0);
  });

  it('wait in the store, however many they are, and leave it in their order', async () => {
    await using test = await TestTraffic.open(engine);
    test.carrier.answer = () => DOWN;
    const sent: number[] = [];
    for (let turn = 0; turn < 30; turn++)
      sent.push(...(await test.send(...Array.from({ length: 100 }, (_, n) => ({ to: `+${n % 10}` })))).map(({ no }) => no));
    await test.traffic.idle();
    expect(test.traffic.waitingFor('test')).toBe(3_000);
    test.carrier.answer = accepted;
    const tried = test.carrier.submitted.length;
    test.carrier.listener!.ready();
    await test.traffic.idle();
    const gone = test.carrier.submitted.slice(tried);
    expect(gone.map(({ no }) => no).sort((a, b) => a - b)).toEqual(sent);
    for (let phone = 0; phone < 10; phone++) {
      const order = gone.filter(({ to }) => to === `+${phone}`).map(({ no }) => no);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
    expect(test.traffic.waitingFor('test')).toBe(0);
  });

  it('go on after a restart: what waited, and what waits for its receipt', async () => {
    await using test = await TestTraffic.open(engine);
    const [taken] = await test.send({ to: '+1' });
    await test.traffic.idle();
    test.carrier.answer = () => DOWN;
    const waiting = await test.send({ to: '+1' }, { to: '+2' });
    await test.traffic.idle();
    await test.restart();
    await test.traffic.idle();
    expect(test.carrier.submitted.map(({ no }) => no)).toEqual(waiting.map(({ no }) => no));
    expect(await test.carrier.listener!.receipt({ carrierId: `${taken!.no}/0` })).toBe('noted');
    expect(await test.progressOf(taken!)).toMatchObject({ state: 'delivered' });
  });

  it('R61: fail when nothing is told of them in time, sent or not, and are not sent any more', async () => {
    await using test = await TestTraffic.open(engine);
    const [sent] = await test.send({ to: '+1', dueInMs: 60_000, wantsReport: true });
    await test.traffic.idle();
    test.carrier.answer = () => DOWN;
    const [waiting, later] = await test.send({ to: '+1', dueInMs: 60_000 }, { to: '+2', dueInMs: 90_000 });
    await test.clock.advanceTo(START_MS + 59_999);
    expect(await test.progressOf(sent!)).toMatchObject({ state: 'submitted' });
    await test.clock.advanceTo(START_MS + 60_000);
    expect(await test.progressOf(sent!)).toMatchObject({ state: 'failed', code: 5002, concludedAtMs: START_MS + 60_000, succeeded: 0 });
    expect(await test.progressOf(waiting!)).toMatchObject({ state: 'failed', code: 5002 });
    expect(test.reports.map(({ messageId }) => messageId)).toEqual([sent!.messageId]);
    expect(await test.carrier.listener!.receipt({ carrierId: `${sent!.no}/0` })).toBe('unknown');
    test.carrier.answer = accepted;
    const tried = test.carrier.submitted.length;
    test.carrier.listener!.ready();
    await test.traffic.idle();
    expect(test.carrier.submitted.slice(tried).map(({ no }) => no)).toEqual([later!.no]);
    expect(test.traffic.waitingFor('test')).toBe(0);
  });

  it('R61: fail after a restart, too, when their time is over', async () => {
    await using test = await TestTraffic.open(engine);
    const [sent] = await test.send({ dueInMs: 60_000 });
    await test.traffic.idle();
    await test.clock.set(START_MS + 60_000);
    await test.restart();
    await until(() => test.facts.some(({ kind }) => kind === 'concluded'));
    expect(await test.progressOf(sent!)).toMatchObject({ state: 'failed', code: 5002 });
  });

  it('go out again where nobody knows whether the carrier took them, under the same reference', async () => {
    await using test = await TestTraffic.open(engine);
    test.carrier.answer = () => ({ kind: 'unknown', detail: 'the connection broke' });
    await test.send({ text: 'x'.repeat(200), segments: 2 });
    await test.traffic.idle();
    test.carrier.answer = accepted;
    test.timers.advance(500);
    await test.traffic.idle();
    const [first, second] = test.carrier.submitted;
    expect(second).toEqual(first);
  });

  it('fail where nobody knows whether the carrier took them, when they must not go out twice', async () => {
    await using test = await TestTraffic.open(engine);
    await test.restart('at-most-once');
    test.carrier.answer = ({ to }) => (to === '+1' ? { kind: 'unknown', detail: 'the connection broke' } : DOWN);
    const [doubtful, waiting] = await test.send({ to: '+1' }, { to: '+2' });
    await test.traffic.idle();
    await turns();
    expect(await test.progressOf(doubtful!)).toMatchObject({
      state: 'failed',
      code: 9999,
      detail: expect.stringContaining('not known') as string,
    });
    expect(await test.progressOf(waiting!)).toMatchObject({ state: 'queued' });
    const submitting = held(test);
    test.timers.advance(500);
    await until(() => submitting.length === 1);
    // The process ends here.
    await test.restart('at-most-once');
    await until(() => test.facts.filter(({ kind }) => kind === 'concluded').length === 2);
    expect(await test.progressOf(waiting!)).toMatchObject({ state: 'failed', code: 9999 });
    expect(test.carrier.submitted).toEqual([]);
    expect(test.log.lines.filter((line) => line.includes('given up'))).toHaveLength(2);
  });

  it('wait while nothing can be stored, and are handed over once', async () => {
    await using test = await TestTraffic.open(engine);
    const waiting = held(test);
    const sent = await test.send({ to: '+1' }, { to: '+1' }, { to: '+2' });
    await until(() => waiting.length === 2);
    test.engine.failure = new UnavailableError('disk-full');
    for (const { message, answer } of waiting) answer(accepted(message));
    await test.traffic.idle();
    await turns();
    expect(test.carrier.submitted).toHaveLength(2);
    test.engine.failure = undefined;
    test.carrier.answer = accepted;
    test.timers.advance(1_000);
    await test.traffic.idle();
    await until(() => test.carrier.submitted.length === 3);
    await test.traffic.idle();
    for (const message of sent) expect(await test.progressOf(message)).toMatchObject({ state: 'submitted' });
    expect(test.carrier.submitted.map(({ no }) => no)).toEqual([sent[0]!.no, sent[2]!.no, sent[1]!.no]);
  });

  it('are forgotten with everything stored, whatever was under way', async () => {
    await using test = await TestTraffic.open(engine);
    const waiting = held(test);
    await test.send({ to: '+1' }, { to: '+1' });
    await until(() => waiting.length === 1);
    test.storage.state.onReplaced(() => test.traffic.forget());
    await test.storage.state.reset(() => Promise.resolve());
    await test.traffic.start();
    waiting[0]!.answer(accepted(waiting[0]!.message));
    await turns();
    await test.traffic.idle();
    expect(test.traffic.waitingFor('test')).toBe(0);
    test.carrier.answer = accepted;
    const [fresh] = await test.send({ to: '+1' });
    await test.traffic.idle();
    expect(await test.progressOf(fresh!)).toMatchObject({ state: 'submitted' });
    expect(test.carrier.submitted).toHaveLength(2);
  });
});
