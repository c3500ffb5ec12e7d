import { alternativesOf, fullOf, type JsonSchema, takesKind, valueSchemaOf } from './json-schema.ts';

/** A body with one thing wrong, and the name of the field that is to blame. */
export interface WrongBody {
  readonly name: string;
  readonly field: string;
  readonly text: string;
}

/** Stands for a number that JSON can write and JavaScript cannot hold. */
const HUGE = '<1e400>';

type Path = readonly (string | number)[];

interface Field {
  readonly path: Path;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** One of each kind of value. */
const JUNK: Readonly<Record<string, unknown>> = { string: 'text', number: 12.5, boolean: true, null: null, array: [1], object: { a: 1 } };

/** Every field of the schema with every kind of value it does not take, too long, too many, out of range, or missing. */
export function wrongBodies(schema: JsonSchema): WrongBody[] {
  const full = fullOf(schema);
  return fieldsOf(schema, []).flatMap((field) => {
    const name = field.path.join('.');
    const wrong = [...wrongKinds(field.schema), ...outOfBounds(field.schema)].map(([what, value]) => ({
      what,
      body: changed(full, field.path, value),
    }));
    if (field.isRequired) wrong.push({ what: 'missing', body: changed(full, field.path, undefined) });
    return wrong.map(({ what, body }) => ({
      name: `${name} ${what}`,
      field: String(field.path.findLast((part) => typeof part === 'string')),
      text: textOf(body),
    }));
  });
}

function fieldsOf(schema: JsonSchema, path: Path): Field[] {
  return alternativesOf(schema).flatMap((alternative) => {
    const below: Field[] = Object.entries(alternative.properties ?? {}).map(([name, field]) => ({
      path: [...path, name],
      schema: field,
      isRequired: alternative.required?.includes(name) === true,
    }));
    const values = valueSchemaOf(alternative);
    if (values !== undefined) below.push({ path: [...path, 'key'], schema: values, isRequired: false });
    if (alternative.items !== undefined) below.push({ path: [...path, 0], schema: alternative.items, isRequired: false });
    return below.flatMap((field) => [field, ...fieldsOf(field.schema, field.path)]);
  });
}

function wrongKinds(schema: JsonSchema): [string, unknown][] {
  const types = alternativesOf(schema).map(({ type }) => type);
  const isWhole = types.includes('integer') && !types.includes('number');
  return Object.entries(JUNK)
    .filter(([kind]) => !takesKind(schema, kind) || (kind === 'number' && isWhole))
    .map(([kind, value]) => [`as ${kind}`, value]);
}

function outOfBounds(schema: JsonSchema): [string, unknown][] {
  return alternativesOf(schema).flatMap((bounds): [string, unknown][] => {
    const wrong: [string, unknown][] = [];
    if (bounds.maxLength !== undefined) wrong.push(['too long', 'x'.repeat(bounds.maxLength + 1)]);
    if (bounds.minLength !== undefined && bounds.minLength > 0) wrong.push(['empty', '']);
    if (bounds.maxItems !== undefined) wrong.push(['with too many', new Array(bounds.maxItems + 1).fill(fullOf(bounds.items ?? {}))]);
    if (bounds.minItems !== undefined && bounds.minItems > 0) wrong.push(['with none', []]);
    if (bounds.minimum !== undefined) wrong.push(['too small', bounds.minimum - 1]);
    if (bounds.maximum !== undefined) wrong.push(['too big', bounds.maximum + 1]);
    if (bounds.type === 'integer' || bounds.type === 'number') wrong.push(['beyond all numbers', HUGE]);
    return wrong;
  });
}

function textOf(body: unknown): string {
  return JSON.stringify(body).replaceAll(`"${HUGE}"`, '1e400');
}

/** A copy with another value at `path`; undefined takes the member away. */
function changed(value: unknown, path: Path, replacement: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  if (Array.isArray(value)) return value.map((item: unknown, at) => (at === first ? changed(item, rest, replacement) : item));
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [first]: changed(members[first], rest, replacement) };
}
