import type { Event } from '../event.ts';
import { customTopicErrors } from './errors.ts';
import { optionalText, textIn, timeMsOf } from './members.ts';
import type { Reading } from './reading.ts';

/** An event that was published in the Event Grid schema; the server says which topic it is of. @throws ApiError 400 */
export function readEventGridEvent(item: Readonly<Record<string, unknown>>, reading: Reading): Event {
  const { at, topicId, newKey } = reading;
  const time = textIn(item, 'eventTime', at);
  const topic = optionalText(item, 'topic', at);
  if (topic !== undefined && topic.toLowerCase() !== topicId.toLowerCase())
    throw customTopicErrors.malformed(`${at}.topic`, `must be left out, or be ${topicId}`);
  if (optionalText(item, 'metadataVersion', at) !== undefined && item['metadataVersion'] !== '1')
    throw customTopicErrors.malformed(`${at}.metadataVersion`, 'must be left out, or be 1');
  const { dataVersion } = item;
  if (dataVersion !== undefined && dataVersion !== null && typeof dataVersion !== 'string')
    throw customTopicErrors.malformed(`${at}.dataVersion`, 'must be a text');
  return {
    id: textIn(item, 'id', at),
    key: newKey(),
    topic: topicId,
    type: textIn(item, 'eventType', at),
    subject: textIn(item, 'subject', at),
    data: item['data'] ?? null,
    atMs: timeMsOf(time, `${at}.eventTime`),
    time,
    dataVersion: dataVersion ?? '',
  };
}
