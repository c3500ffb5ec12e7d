import { expect, it } from 'vitest';
import type { ThreadItem } from './chat-api.ts';
import { matching } from './use-threads.ts';

function thread(id: string, topic: string): ThreadItem {
  return { id, topic, createdOn: '', createdBy: '', participantCount: 1 };
}

const threads = [thread('19:Abc@thread.v2', 'Lunch'), thread('19:def@thread.v2', 'Order 4711')];

it.each([
  ['', 2],
  ['  ', 2],
  ['lunch', 1],
  ['4711', 1],
  ['19:abc', 1],
  ['thread.v2', 2],
  ['nothing', 0],
])('a search for %j finds %d', (search, count) => {
  expect(matching(threads, search)).toHaveLength(count);
});
