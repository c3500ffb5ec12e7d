import { expect, it } from 'vitest';
import type { LoggedEvent } from './events-api.ts';
import { joined } from './joined.ts';

function logged(id: string, subscriptions: readonly string[], source = 'local'): LoggedEvent {
  const event = {
    id,
    topic: '',
    subject: '',
    data: {},
    eventType: 'SMSReceived',
    dataVersion: '1.0',
    metadataVersion: '1',
    eventTime: '2026-01-01T00:00:00Z',
  };
  const deliveries = subscriptions.map((subscription) => ({ subscription, state: 'delivered', attempts: [], attemptCount: 1 }));
  return { event, source, deliveries };
}

it('an event that was replayed stands where it was replayed, with all its deliveries', () => {
  const list = joined([logged('a', ['hook']), logged('b', []), logged('a', ['hook', 'other']), logged('a', [], 'topic')]);
  expect(list.map(({ event, source }) => [source, event.id])).toEqual([
    ['local', 'a'],
    ['local', 'b'],
    ['topic', 'a'],
  ]);
  expect(list[0]?.deliveries.map(({ subscription }) => subscription)).toEqual(['hook', 'hook', 'other']);
});
