/** The part of JSON Schema that the contract's bodies use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A value with the required fields alone. */
export function minimalOf(schema: JsonSchema): unknown {
  return build(schema, { isFull: false });
}

/** A value with every field. */
export function fullOf(schema: JsonSchema): unknown {
  return build(schema, { isFull: true });
}

/** The alternatives of a schema, unions resolved. */
export function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternativesOf);
}

/** What values of any name in a map must be; undefined for other objects. */
export function valueSchemaOf(schema: JsonSchema): JsonSchema | undefined {
  return Object.values(schema.patternProperties ?? {})[0];
}

/** `null`, `array`, `object`, `string`, `number` or `boolean`. */
function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Whether values of this kind can be right. */
export function takesKind(schema: JsonSchema, kind: string): boolean {
  return alternativesOf(schema).some((alternative) => {
    const { type, const: literal } = alternative;
    if (isAnything(alternative)) return true;
    return literal === undefined ? kind === (type === 'integer' ? 'number' : type) : kind === kindOf(literal);
  });
}

function isAnything(schema: JsonSchema): boolean {
  return schema.type === undefined && schema.const === undefined && schema.enum === undefined && schema.anyOf === undefined;
}

function build(schema: JsonSchema, style: { readonly isFull: boolean }): unknown {
  const alternatives = alternativesOf(schema);
  // In full, the alternative with the most inside is told.
  const richest = style.isFull ? alternatives.find(({ type }) => type === 'object' || type === 'array') : undefined;
  const chosen = richest ?? alternatives[0];
  const make = chosen?.type === undefined ? undefined : BUILDERS[chosen.type];
  if (chosen !== undefined && isAnything(chosen)) return 'anything';
  if (chosen?.const !== undefined) return chosen.const;
  if (chosen?.enum !== undefined) return chosen.enum[0];
  if (chosen === undefined || make === undefined)
    throw new Error(`no example for the schema ${JSON.stringify(schema)}: teach json-schema.ts`);
  return make(chosen, style);
}

const BUILDERS: Readonly<Record<string, (schema: JsonSchema, style: { readonly isFull: boolean }) => unknown>> = {
  string: ({ minLength = 0, maxLength }) => 'text'.padEnd(minLength, 'x').slice(0, maxLength),
  integer: ({ minimum = 1 }) => minimum,
  number: ({ minimum = 1 }) => minimum,
  boolean: () => true,
  array: ({ items = {}, minItems = 0 }, style) => (style.isFull || minItems > 0 ? [build(items, style)] : []),
  object: buildObject,
};

function buildObject(schema: JsonSchema, style: { readonly isFull: boolean }): object {
  const values = valueSchemaOf(schema);
  if (values !== undefined) return style.isFull ? { key: build(values, style) } : {};
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => style.isFull || schema.required?.includes(name) === true);
  return Object.fromEntries(fields.map(([name, field]) => [name, build(field, style)]));
}
