import fc from 'fast-check';
import { alternativesOf, type JsonSchema, valueSchemaOf } from './json-schema.ts';

/** Texts that have hurt servers of this kind. */
const HOSTILE = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\udc00\ud800',
  '\u202etxt.exe',
  'x\r\nSet-Cookie: a=b',
  "' OR 1=1 --",
  '../../../etc/passwd',
  '%00%2e%2e%2f',
  '<img src=x onerror=alert(1)>',
  '${7*7}{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'NaN',
  '-1',
  '1e400',
  'P99999999999D',
  '1e9w',
  'PT0.000001S',
  '2024-02-31T00:00:00Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
  '+275760-09-13T00:00:00Z',
  '8:acs:',
  '8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000',
  '8:orgid:../..',
  '4:+15551234567',
  '28:orgid:x',
  'none',
  'html',
  'primary',
  'chat',
  'voip.join',
  'x'.repeat(251),
  '\ud83d\ude00'.repeat(8_000),
  'x'.repeat(40_000),
] as const;

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 300 }));
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, -1, 0.5, 59, 60, 1440, 1441, 2 ** 31, 2 ** 53, -(2 ** 63), Number.MAX_VALUE, Number.MIN_VALUE),
);
const junk: fc.Arbitrary<unknown> = fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }));

/** JSON values that are mostly shaped like the schema and go wrong somewhere. */
export function arbitraryBody(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: shaped(schema) }, { weight: 1, arbitrary: junk });
}

function shaped(schema: JsonSchema): fc.Arbitrary<unknown> {
  const right = alternativesOf(schema).map(shapedLike);
  return fc.oneof({ weight: 15, arbitrary: fc.oneof(...right) }, { weight: 1, arbitrary: junk });
}

function shapedLike(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return number;
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(shaped(schema.items ?? {}), { maxLength: 4 });
    case 'object':
      return shapedObject(schema);
    default:
      return junk;
  }
}

function shapedObject(schema: JsonSchema): fc.Arbitrary<object> {
  const values = valueSchemaOf(schema);
  if (values !== undefined) return fc.dictionary(text, shaped(values), { maxKeys: 4, noNullPrototype: true });
  const fields = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, shaped(field)]));
  const isComplete = fc.boolean();
  return isComplete.chain((complete) => fc.record(fields, complete ? {} : { requiredKeys: [] }));
}
