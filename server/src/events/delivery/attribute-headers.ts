import type { EventDestination } from '@switchboard/contract';
import type { Event } from '../event.ts';
import { valueOf } from '../subscriptions/filters/event-key.ts';

type HeadersOf = (event: Event) => Readonly<Record<string, string>>;

const NONE: Readonly<Record<string, string>> = {};
const MOST_CHARACTERS = 4096;
/** Compiled once for each destination. */
const compiled = new WeakMap<EventDestination, HeadersOf>();

/** The delivery attributes of a destination as headers, for one event. */
export function attributeHeaders(destination: EventDestination, event: Event): Readonly<Record<string, string>> {
  let headersOf = compiled.get(destination);
  if (headersOf === undefined) compiled.set(destination, (headersOf = compile(destination)));
  return headersOf(event);
}

function compile({ properties }: EventDestination): HeadersOf {
  const attributes = properties?.deliveryAttributeMappings ?? [];
  if (attributes.length === 0) return () => NONE;
  const made = attributes.map(({ type, name, properties }): [name: string, value: (event: Event) => string | undefined] => {
    const given = properties?.value ?? '';
    if (type === 'Static') return [name.toLowerCase(), () => given];
    const value = valueOf(properties?.sourceField ?? '');
    return [name.toLowerCase(), (event) => headerText(value(event))];
  });
  return (event) => {
    const found = made.map(([name, value]) => [name, value(event)] as const);
    return Object.fromEntries(found.filter((header): header is [string, string] => header[1] !== undefined));
  };
}

/** A value of an event, which may be anybody's, as the value of a header: what is not visible ASCII is percent-encoded. */
function headerText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  const text = value
    .slice(0, MOST_CHARACTERS)
    .toWellFormed()
    .replaceAll(/[^\x20-\x7e]+/g, encodeURIComponent)
    .trim();
  return text === '' ? undefined : text.slice(0, MOST_CHARACTERS);
}
