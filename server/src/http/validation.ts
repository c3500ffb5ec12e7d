import type { BodyOf, Operation } from '@switchboard/contract';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { httpErrors } from './errors.ts';

// Bodies say what they mean: a number in place of a text is an error. Query values are always text and are converted.
const bodies = new Ajv({ strict: false, strictNumbers: true, allErrors: false, coerceTypes: false, useDefaults: true, verbose: false });
const queries = new Ajv({ strict: false, strictNumbers: true, allErrors: false, coerceTypes: true, useDefaults: true });

export interface Validators {
  readonly params: ValidateFunction | undefined;
  readonly query: ValidateFunction | undefined;
  readonly body: ValidateFunction | undefined;
  /** Names of the query parameters that are integers. */
  readonly integers: readonly string[];
}

export function compileValidators(operation: Operation): Validators {
  return {
    params: operation.params === undefined ? undefined : queries.compile(operation.params),
    query: operation.query === undefined ? undefined : queries.compile(operation.query),
    body: operation.body === undefined ? undefined : bodies.compile(operation.body),
    integers: Object.entries(operation.query?.properties ?? {}).flatMap(([name, property]) =>
      'type' in property && property.type === 'integer' ? [name] : [],
    ),
  };
}

/** What came on another way than by a request, checked as the body of an operation is. @throws ApiError as {@link check} */
export function checkedBody<T extends Operation>(operation: T, value: unknown): BodyOf<T> {
  check(compileValidators(operation).body, value);
  // Validated just above against the schema this type comes from.
  return value as BodyOf<T>;
}

/** @throws ApiError 400 whose target is the field, e.g. `participants[2].displayName` */
export function check(validate: ValidateFunction | undefined, value: unknown): void {
  if (validate === undefined || validate(value)) return;
  const error = mostTelling(validate.errors ?? []);
  throw httpErrors.invalid(targetOf(error), problemOf(error));
}

const INTEGER = /^-?\d{1,15}$/;

/**
 * The conversion of query texts takes `0x10`, `1e400` and a blank for numbers; this does not.
 *
 * @throws ApiError 400 whose target is the parameter
 */
export function checkIntegers(names: readonly string[], query: Readonly<Record<string, unknown>>): void {
  for (const name of names) {
    const value = query[name];
    if (typeof value === 'string' && !INTEGER.test(value)) throw httpErrors.invalid(name, 'must be integer');
  }
}

/** Of a failed union every branch reports; the deepest one names the field that is actually wrong. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const specific = errors.filter((error) => error.keyword !== 'anyOf' && error.keyword !== 'oneOf');
  const [first, ...others] = specific.length > 0 ? specific : errors;
  return others.reduce((best, error) => (best === undefined || depthOf(error) > depthOf(best) ? error : best), first);
}

function depthOf(error: ErrorObject): number {
  return pathOf(error).length;
}

function targetOf(error: ErrorObject | undefined): string {
  const path = error === undefined ? [] : pathOf(error);
  return path.reduce((target, part) => (/^\d+$/.test(part) ? `${target}[${part}]` : target === '' ? part : `${target}.${part}`), '');
}

/** Where the wrong field stands: for one that is missing or unknown inside of what Ajv tells. */
function pathOf({ instancePath, keyword, params }: ErrorObject): string[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') path.push((params as { missingProperty: string }).missingProperty);
  if (keyword === 'additionalProperties') path.push((params as { additionalProperty: string }).additionalProperty.slice(0, 100));
  return path;
}

function problemOf(error: ErrorObject | undefined): string {
  if (error === undefined) return 'is invalid';
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is unknown; look at how it is written';
    case 'enum':
      return `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'pattern':
      return 'has the wrong form';
    default:
      return error.message ?? 'is invalid';
  }
}
