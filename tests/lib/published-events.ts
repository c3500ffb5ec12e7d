import { readFileSync } from 'node:fs';

/**
 * Microsoft's definitions of the events of communication resources, reduced to their members: those that its JavaScript
 * client 5.12.0 knows. A member that may be missing ends with `?`; `x[]` is a list, `{x}` a map, other words definitions.
 */
export interface PublishedEvents {
  /** Event type → definition of its data. */
  readonly types: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const FILE = new URL('../static/published/acs-events-2018-01-01.json', import.meta.url);
export const PUBLISHED_EVENTS = JSON.parse(readFileSync(FILE, 'utf8')) as PublishedEvents;

/** The client's name of this type lacks its last letter; its documentation and the published examples have it. */
export const MISSPELT = 'Microsoft.Communication.RouterJobWorkerSelectorsExpire';

/** In what the data of an event differs from the published definition; empty when it does not. */
export function publishedProblems(type: string, data: unknown): string[] {
  const definition = PUBLISHED_EVENTS.types[type] ?? PUBLISHED_EVENTS.types[type === `${MISSPELT}d` ? MISSPELT : ''];
  return definition === undefined ? [`${type} is not published`] : problemsOf(definition, data, 'data');
}

function problemsOf(kind: string, value: unknown, at: string): string[] {
  if (kind === 'any') return [];
  if (kind.endsWith('[]')) {
    if (!Array.isArray(value)) return [`${at} is not a list`];
    return value.flatMap((item: unknown, i) => problemsOf(kind.slice(0, -2), item, `${at}[${i}]`));
  }
  if (kind === 'string' || kind === 'number' || kind === 'boolean')
    return typeof value === kind ? [] : [`${at} is ${JSON.stringify(value)}, not a ${kind}`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is not an object`];
  const members = value as Readonly<Record<string, unknown>>;
  if (kind.startsWith('{')) return Object.keys(members).flatMap((key) => problemsOf(kind.slice(1, -1), members[key], `${at}.${key}`));
  return Object.entries(PUBLISHED_EVENTS.definitions[kind] ?? {}).flatMap(([name, member]) => {
    const key = name.replace('?', '');
    if (members[key] !== undefined) return problemsOf(member, members[key], `${at}.${key}`);
    return name.endsWith('?') ? [] : [`${at}.${key} is missing`];
  });
}
