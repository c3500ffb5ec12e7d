import { describe, expect, it } from 'vitest';
import { ManualTimers } from '../lib/testing.ts';
import { StateGate } from './state-gate.ts';

/** A request that is served until the test ends it. */
function serve(gate: StateGate, work: () => Promise<unknown> = () => Promise.resolve()) {
  const end = Promise.withResolvers<void>();
  const served = gate.serve(gate.generation, async () => {
    await end.promise;
    return work();
  });
  return { end: end.resolve, served };
}

describe('the state gate', () => {
  it('runs a replacement when everything else has ended, and holds what comes meanwhile', async () => {
    const gate = new StateGate(new ManualTimers());
    const events: string[] = [];
    const other = serve(gate, () => Promise.resolve(events.push('the other ends')));
    const replacing = serve(gate, () => gate.exclusively(() => Promise.resolve(events.push('replaced'))));
    expect(gate.opened).toBeUndefined();
    replacing.end();
    await expect.poll(() => gate.opened !== undefined).toBe(true);
    const waited = gate.opened?.then(() => events.push('the next is admitted'));
    other.end();
    await Promise.all([other.served, replacing.served, waited]);
    expect(events).toEqual(['the other ends', 'replaced', 'the next is admitted']);
    expect(gate.opened).toBeUndefined();
  });

  it('refuses what was admitted before and would be served during or after', async () => {
    const gate = new StateGate(new ManualTimers());
    const before = gate.generation;
    const serveLate = () => expect(gate.serve(before, () => 'served')).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
    const replacing = serve(gate, () => gate.exclusively(serveLate));
    replacing.end();
    await replacing.served;
    await serveLate();
    expect(await gate.serve(gate.generation, () => 'served')).toBe('served');
  });

  it('lets two replacements follow one another', async () => {
    const gate = new StateGate(new ManualTimers());
    const events: string[] = [];
    const replace = (name: string) => () =>
      gate.exclusively(async () => {
        events.push(`${name} begins`);
        await Promise.resolve();
        events.push(`${name} ends`);
      });
    const both = [serve(gate, replace('a')), serve(gate, replace('b'))];
    for (const { end } of both) end();
    await Promise.all(both.map(({ served }) => served));
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('gives up when a request does not end, and lets the others go on', async () => {
    const timers = new ManualTimers();
    const gate = new StateGate(timers);
    const stuck = serve(gate);
    let ran = false;
    const replacing = serve(gate, () => gate.exclusively(() => Promise.resolve((ran = true))));
    replacing.end();
    await expect.poll(() => timers.waiting).toBe(1);
    timers.advance(10_000);
    await expect(replacing.served).rejects.toMatchObject({ status: 503, explanation: { rule: 'state.busy' } });
    expect(ran).toBe(false);
    expect(gate.opened).toBeUndefined();
    // What was admitted before still holds: nothing was replaced.
    expect(await gate.serve(0, () => 'served')).toBe('served');
    stuck.end();
    await stuck.served;
    await expect(gateRuns(gate)).resolves.toBe('ran');
  });

  it('does not wait for a request that waits, and holds what that does afterwards', async () => {
    const gate = new StateGate(new ManualTimers());
    const something = Promise.withResolvers<string>();
    const waiting = serve(gate, () => gate.outside(() => something.promise));
    waiting.end();
    const events: unknown[] = [];
    const answered = waiting.served.then((answer) => events.push(answer));
    const replacing = serve(gate, () =>
      gate.exclusively(async () => {
        something.resolve('happened');
        await new Promise(setImmediate);
        events.push('replaced');
      }),
    );
    replacing.end();
    await Promise.all([replacing.served, answered]);
    expect(events).toEqual(['replaced', 'happened']);
    // Every entry was left again.
    await expect(gateRuns(gate)).resolves.toBe('ran');
  });

  it('opens again when a replacement fails', async () => {
    const gate = new StateGate(new ManualTimers());
    const replacing = serve(gate, () => gate.exclusively(() => Promise.reject(new Error('disk full'))));
    replacing.end();
    await expect(replacing.served).rejects.toThrow('disk full');
    expect(gate.opened).toBeUndefined();
  });
});

async function gateRuns(gate: StateGate): Promise<string> {
  const replacing = serve(gate, () => gate.exclusively(() => Promise.resolve('ran')));
  replacing.end();
  return String(await replacing.served);
}
