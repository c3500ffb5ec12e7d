import { expect, it } from 'vitest';
import { ManualTimers, recordingLog } from '../../lib/testing.ts';
import type { EventSource } from '../sources.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { Listeners, type ListenersOptions } from './listeners.ts';

const SOURCE: EventSource = { id: 'source', name: 'local', topic: '/topics/local' };

/** Listeners over subscriptions that are only remembered. */
function openListeners() {
  const subscriptions = new Map<string, Subscription>();
  let made = 0;
  const port: ReturnType<ListenersOptions['subscriptions']> = {
    find: (_sourceId, name) => subscriptions.get(name),
    install: ({ id: sourceId }, name, { destination, filter, eventDeliverySchema }) => {
      // Only the members that listeners look at.
      const installed = { id: String((made += 1)), sourceId, name, destination, filter, schema: eventDeliverySchema } as Subscription;
      subscriptions.set(name, installed);
      listeners.endpointOf(installed);
      return Promise.resolve(installed);
    },
    remove: (_sourceId, name) => {
      const ended = subscriptions.get(name);
      subscriptions.delete(name);
      if (ended !== undefined) listeners.forget(ended);
      return Promise.resolve();
    },
  };
  const listeners = new Listeners({ subscriptions: () => port, timers: new ManualTimers(), log: recordingLog().log });
  const open = (...includedEventTypes: string[]) =>
    listeners.open({ source: SOURCE, name: 'shared', filter: { includedEventTypes }, schema: 'EventGridSchema' });
  return { listeners, open };
}

it('a listener goes on for who asks the same, and is not taken away from who waits for other events', async () => {
  const { listeners, open } = openListeners();
  await open('SMSReceived');
  const first = listeners.get('shared');
  const waiting = first.fetch({ waitMs: 20_000, whenOver: () => undefined });
  await open('SMSReceived');
  expect(listeners.get('shared')).toBe(first);
  await expect(open('CallStarted')).rejects.toMatchObject({ status: 409, explanation: { rule: 'events.listener-taken' } });
  expect(listeners.get('shared')).toBe(first);
  await listeners.end('shared');
  await waiting;
});

it('a listener that nobody asks gives way to another of its name', async () => {
  const { listeners, open } = openListeners();
  await open('SMSReceived');
  const first = listeners.get('shared');
  await open('CallStarted');
  expect(listeners.get('shared')).not.toBe(first);
});
