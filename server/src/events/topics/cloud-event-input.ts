import type { Event } from '../event.ts';
import { customTopicErrors } from './errors.ts';
import { optionalText, textIn, timeMsOf } from './members.ts';
import type { Reading } from './reading.ts';

/** Attributes of CloudEvents 1.0 itself; every other one is an extension. */
const OWN = new Set(['id', 'source', 'type', 'specversion', 'subject', 'time', 'datacontenttype', 'dataschema', 'data', 'data_base64']);
/** CloudEvents 1.0, "Naming conventions". */
const EXTENSION = /^[a-z0-9]+$/;
const BASE64 = /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i;

/** An event that was published as CloudEvents 1.0; it goes on as it came. @throws ApiError 400 */
export function readCloudEvent(item: Readonly<Record<string, unknown>>, reading: Reading): Event {
  const { at, topicId, nowMs, newKey } = reading;
  checkAttributes(item, at);
  // Null stands for an attribute that is left out (CloudEvents 1.0 JSON format, section 2.2).
  const { data, ...attributes } = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
  const time = optionalText(item, 'time', at);
  return {
    id: textIn(item, 'id', at),
    key: newKey(),
    topic: topicId,
    type: textIn(item, 'type', at),
    subject: optionalText(item, 'subject', at) ?? '',
    data,
    atMs: time === undefined ? nowMs : timeMsOf(time, `${at}.time`),
    ...(time === undefined ? {} : { time }),
    dataVersion: '',
    cloud: attributes,
  };
}

function checkAttributes(item: Readonly<Record<string, unknown>>, at: string): void {
  textIn(item, 'source', at);
  if (item['specversion'] !== '1.0') throw customTopicErrors.malformed(`${at}.specversion`, 'must be 1.0');
  optionalText(item, 'datacontenttype', at);
  optionalText(item, 'dataschema', at);
  const binary = item['data_base64'];
  if (binary !== undefined && binary !== null) {
    if (typeof binary !== 'string' || !BASE64.test(binary)) throw customTopicErrors.malformed(`${at}.data_base64`, 'must be base64');
    if (item['data'] !== undefined) throw customTopicErrors.malformed(`${at}.data_base64`, 'must not stand beside data');
  }
  for (const [name, value] of Object.entries(item)) {
    if (OWN.has(name)) continue;
    if (!EXTENSION.test(name))
      throw customTopicErrors.malformed(`${at}.${name.slice(0, 100)}`, 'must have a name of lower-case letters and digits');
    if (typeof value === 'object' && value !== null)
      throw customTopicErrors.malformed(`${at}.${name}`, 'must be a text, a number or a truth value');
  }
}
