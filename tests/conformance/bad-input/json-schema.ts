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
export function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Whether values of this kind can be right. */
export function takesKind(schema: JsonSchema, kind: string): boolean {
  return alternativesOf(schema).some(({ type, const: literal }) =>
    literal === undefined ? kind === (type === 'integer' ? 'number' : type) : kind === kindOf(literal),
  );
}

function build(schema: JsonSchema, style: { readonly isFull: boolean }): unknown {
  const alternatives = alternativesOf(schema);
  // In full, the alternative with the most inside is told.
  const chosen =
    (style.isFull ? alternatives.find(({ type }) => type === 'object' || type === 'array') : undefined) ?? alternatives[0] ?? {};
  if (chosen.const !== undefined) return chosen.const;
  switch (chosen.type) {
    case 'string':
      return 'text'.padEnd(chosen.minLength ?? 0, 'x').slice(0, chosen.maxLength);
    case 'integer':
    case 'number':
      return chosen.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return style.isFull || (chosen.minItems ?? 0) > 0 ? [build(chosen.items ?? {}, style)] : [];
    case 'object':
      return buildObject(chosen, style);
    default:
      throw new Error(`no example for the schema ${JSON.stringify(schema)}: teach json-schema.ts`);
  }
}

function buildObject(schema: JsonSchema, style: { readonly isFull: boolean }): object {
  const values = valueSchemaOf(schema);
  if (values !== undefined) return style.isFull ? { key: build(values, style) } : {};
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => style.isFull || schema.required?.includes(name) === true);
  return Object.fromEntries(fields.map(([name, field]) => [name, build(field, style)]));
}
