import type { DeliveryAttribute, InputSchema } from '@switchboard/contract';
import { eventErrors } from '../../errors.ts';
import { keyProblem } from '../filters/event-key.ts';

/** Limits of Event Grid (wire/event-grid.md 1, "Shapes"). */
const MOST_ATTRIBUTES = 10;
const MOST_BYTES = 4096;

/** RFC 9110 section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** RFC 9110 section 5.5, without obsolete bytes above ASCII: visible, with spaces and tabs between. */
const HEADER_VALUE = /^[\x21-\x7e]+(?:[\t ]+[\x21-\x7e]+)*$/;
/** What the delivery itself needs, and what concerns its connection. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @throws ApiError 400 naming the member that is wrong */
export function checkDeliveryAttributes(attributes: readonly DeliveryAttribute[], target: string, input: InputSchema): void {
  if (attributes.length > MOST_ATTRIBUTES) throw eventErrors.invalid(target, `must be at most ${MOST_ATTRIBUTES}`);
  const names = new Set<string>();
  attributes.forEach(({ type, name, properties }, i) => {
    const at = `${target}[${i}]`;
    const problem = nameProblem(name) ?? (names.has(name.toLowerCase()) ? 'is given twice; case does not matter' : undefined);
    if (problem !== undefined) throw eventErrors.invalid(`${at}.name`, problem);
    names.add(name.toLowerCase());
    if (type === 'Static') checkValue(properties?.value, `${at}.properties.value`);
    else checkSourceField(properties?.sourceField, `${at}.properties.sourceField`, input);
  });
}

function nameProblem(name: string): string | undefined {
  if (!HEADER_NAME.test(name)) return "must be the name of a header: letters, digits, and !#$%&'*+.^_`|~-";
  if (name.toLowerCase().startsWith('aeg-')) return 'must not begin with aeg-';
  return RESERVED.has(name.toLowerCase()) ? 'is a header that deliveries need for themselves' : undefined;
}

function checkValue(value: string | null | undefined, target: string): void {
  if (!value) throw eventErrors.invalid(target, 'is required; secret values are not shown, so they have to be given again');
  if (value.length > MOST_BYTES) throw eventErrors.invalid(target, `must have at most ${MOST_BYTES} bytes`);
  if (!HEADER_VALUE.test(value)) throw eventErrors.invalid(target, 'must be visible ASCII characters, with spaces only between them');
}

function checkSourceField(key: string | null | undefined, target: string, input: InputSchema): void {
  if (!key) throw eventErrors.invalid(target, 'is required');
  const problem = keyProblem(key, input);
  if (problem !== undefined) throw eventErrors.invalid(target, problem);
}
