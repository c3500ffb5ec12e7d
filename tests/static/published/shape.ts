/** The parts of JSON Schema that our contract uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
}

/**
 * Every member of a schema, one line each: `participants[].displayName string`, with a star after what is required. The
 * pages of published definitions in this folder are written the same way.
 */
export function membersOf(schema: unknown): string[] {
  // A schema of the contract is plain JSON Schema.
  return lines(schema as Schema, '', false);
}

function lines(schema: Schema, at: string, required: boolean): string[] {
  const branches = schema.anyOf?.filter((branch) => branch.type !== 'null');
  if (branches?.length === 1) return lines(branches[0]!, at, required);
  const { properties, required: needed = [], items, additionalProperties } = schema;
  const name = `${at}${required ? '*' : ''}`;
  if (items !== undefined) return lines(items, `${at}[]`, required);
  if (additionalProperties !== undefined) return [`${name} map`];
  if (at !== '' && properties?.['communicationUser'] !== undefined) return [`${name} identifier`];
  if (properties === undefined) return [`${name} ${typeof schema.type === 'string' ? schema.type : 'string'}`];
  const inside = Object.keys(properties)
    .sort()
    .flatMap((key) => lines(properties[key]!, at === '' ? key : `${at}.${key}`, needed.includes(key)));
  return at === '' ? inside : [`${name} object`, ...inside];
}
