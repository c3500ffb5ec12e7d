import { expect, it } from 'vitest';
import { endingText, addressOfDestination, provisioningOf, typesText, waitingText } from './subscription-words.ts';

it.each([
  [{ endpointType: 'WebHook', properties: { endpointBaseUrl: 'https://a.example/hook' } }, 'https://a.example/hook'],
  [{ endpointType: 'StorageQueue', properties: { resourceId: '/x/y', queueName: 'q' } }, 'StorageQueue /x/y / q'],
  [{ endpointType: 'Listener' }, 'Listener'],
])('the destination %j reads %s', (destination, text) => {
  expect(addressOfDestination(destination)).toBe(text);
});

it.each([
  [undefined, 'All events'],
  [['All'], 'All events'],
  [['Microsoft.Communication.SMSReceived'], 'SMSReceived'],
  [['A', 'B'], 'A and B'],
  [['A', 'B', 'C'], 'A and 2 other types'],
])('the types %j read %s', (includedEventTypes, text) => {
  expect(typesText({ includedEventTypes: includedEventTypes ?? null })).toBe(text);
});

it.each([
  [0, 'Nothing waits.'],
  [1, 'One event waits.'],
  [1_200, '1,200 events wait.'],
])('%d waiting', (waiting, text) => {
  expect(waitingText(waiting)).toBe(text);
});

it.each([
  [0, 'Its endpoint gets no more events.'],
  [1, 'One event waits for delivery; it is dropped.'],
  [1_200, '1,200 events wait for delivery; they are dropped.'],
])('the end of a subscription for which %d wait', (waiting, text) => {
  expect(endingText(waiting)).toBe(text);
});

it('a state that needs somebody stands out', () => {
  expect(provisioningOf({ provisioningState: 'AwaitingManualAction' })).toEqual({ text: 'Waits for validation', color: 'warning' });
  expect(provisioningOf({ provisioningState: 'Succeeded' }).color).toBe('success');
  expect(provisioningOf({ provisioningState: 'Creating' })).toEqual({ text: 'Creating', color: 'informative' });
});
