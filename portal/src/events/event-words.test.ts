import { expect, it } from 'vitest';
import { outcomeText, queuedText, shortType, standingOf } from './event-words.ts';

it.each([
  ['Microsoft.Communication.SMSReceived', 'SMSReceived'],
  ['Contoso.Orders.Placed', 'Contoso.Orders.Placed'],
])('the type %s reads %s', (type, shown) => {
  expect(shortType(type)).toBe(shown);
});

const delivery = (state: string, attemptCount: number, subscription = 'hook') => ({ subscription, state, attempts: [], attemptCount });

it.each([
  [[], 'unwanted'],
  [[delivery('waiting', 0)], 'waiting'],
  [[delivery('delivered', 1), delivery('waiting', 2, 'other')], 'retrying'],
  [[delivery('dropped', 30), delivery('delivered', 1, 'other')], 'dropped'],
  [[delivery('deadLettered', 30), delivery('delivered', 1, 'other')], 'deadLettered'],
  // The second is a replay.
  [[delivery('dropped', 30), delivery('delivered', 1)], 'delivered'],
  [[delivery('delivered', 1), delivery('delivered', 3)], 'delivered'],
])('what needs attention decides how %j stands', (deliveries, standing) => {
  expect(standingOf(deliveries)).toBe(standing);
});

it('tells the answer, or why there was none', () => {
  expect(outcomeText({ status: 404, outcome: 'NotFound' })).toBe('404 NotFound');
  expect(outcomeText({ outcome: 'TimedOut' })).toBe('TimedOut');
});

it.each([
  [0, 'No subscription wants this event.'],
  [1, 'On its way to one subscription.'],
  [3, 'On its way to 3 subscriptions.'],
])('a replay to %d', (queued, text) => {
  expect(queuedText(queued)).toBe(text);
});
