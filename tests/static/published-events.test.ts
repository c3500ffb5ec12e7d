import { EVENT_TYPES } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { MISSPELT, PUBLISHED_EVENTS } from '../lib/published-events.ts';

/** What is in our schemas alone: the spelling of Microsoft's OpenAPI file and documentation, which its client does not read. */
const OURS_ALONE = ['deliveryAttemptTimeStamp?', 'userActionTimeStamp?'];

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

type Members = { readonly [name: string]: string | Members };

const published = Object.entries(PUBLISHED_EVENTS.types).map(
  ([type, definition]) => [type === MISSPELT ? `${MISSPELT}d` : type, definition] as const,
);

it('R104: the catalogue has every published type of event and no other, by its exact name', () => {
  expect(EVENT_TYPES.map(({ name }) => name).sort()).toEqual(published.map(([type]) => type).sort());
  expect(EVENT_TYPES).toHaveLength(53);
});

describe('R103: the schema of an event has the members of the published one', () => {
  it.each(published)('%s', (type, definition) => {
    const ours = EVENT_TYPES.find(({ name }) => name === type);
    // A schema is JSON beneath its types.
    const members = membersOf(JSON.parse(JSON.stringify(ours?.data)) as Schema) as Members;
    expect(Object.fromEntries(Object.entries(members).filter(([name]) => !OURS_ALONE.includes(name)))).toEqual(
      publishedMembers(definition),
    );
  });
});

/** Definitions written out, but for those within themselves. */
function publishedMembers(definition: string, within: readonly string[] = []): string | Members {
  const list = /^(.*)\[\]$/.exec(definition)?.[1];
  if (list !== undefined) return listOf(publishedMembers(list, within));
  const members = PUBLISHED_EVENTS.definitions[definition];
  if (members === undefined) return definition;
  if (within.includes(definition)) return 'any';
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, publishedMembers(member, [...within, definition])]));
}

function membersOf({ type, properties, required = [], items, additionalProperties }: Schema): string | Members {
  if (type === 'array') return listOf(membersOf(items ?? {}));
  if (properties !== undefined)
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [required.includes(name) ? name : `${name}?`, membersOf(schema)]),
    );
  if (additionalProperties !== undefined) return `{${additionalProperties.type ?? 'any'}}`;
  return type ?? 'any';
}

function listOf(item: string | Members): string | Members {
  return typeof item === 'string' ? `${item}[]` : { '[]': item };
}
