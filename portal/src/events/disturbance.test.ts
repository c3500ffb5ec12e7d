import { describe, expect, it } from 'vitest';
import { describeRule, ruleOf } from './disturbance.ts';
import type { Disturbance } from './disturbance.ts';

const form: Disturbance = { kind: 'duplicate', delaySeconds: '5', status: '503', subscription: '', type: '', count: '1' };

describe('R109: the form makes a fault rule', () => {
  it.each([
    [{}, { match: {}, count: 1, delivery: { duplicate: true } }],
    [
      { kind: 'reorder', count: '' },
      { match: {}, delivery: { reorder: true } },
    ],
    [
      { kind: 'delay', delaySeconds: '0.25' },
      { match: {}, count: 1, delivery: { delayMs: 250 } },
    ],
    [
      { kind: 'status', subscription: 'hook', type: ' SMSReceived ', count: '3' },
      { match: { subscription: 'hook', eventType: 'SMSReceived' }, count: 3, delivery: { status: 503 } },
    ],
  ] as const)('%j', (changes, rule) => {
    expect(ruleOf({ ...form, ...changes })).toEqual({ rule });
  });

  it.each([
    [{ kind: 'delay', delaySeconds: '31' }, 'seconds'],
    [{ kind: 'delay', delaySeconds: 'x' }, 'seconds'],
    [{ kind: 'status', status: '200' }, 'status'],
    [{ kind: 'status', status: '' }, 'status'],
    [{ count: '0' }, 'How often'],
    [{ count: '1.5' }, 'How often'],
  ] as const)('refuses %j', (changes, problem) => {
    expect(ruleOf({ ...form, ...changes }).problem).toContain(problem);
  });
});

it.each([
  [{ delivery: { duplicate: true }, match: {}, count: 3 }, 'Delivers every event twice, 1 of 3 times so far'],
  [
    { delivery: { reorder: true }, match: { subscription: 'hook', eventType: 'Microsoft.Communication.SMSReceived' } },
    'Delivers SMSReceived to hook out of order, once so far',
  ],
  [{ delivery: { delayMs: 1_500 } }, 'Delivers every event 1.5 s late, once so far'],
  [{ delivery: { status: 404 }, match: { subscription: 'hook' } }, 'Answers every event to hook with 404, once so far'],
] as const)('%j reads: %s', (rule, text) => {
  expect(describeRule({ ...rule, state: { matched: 1, struck: 1, spent: false } })).toBe(text);
});
