import type { Operation } from '@switchboard/contract';
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
  return (
    specific.reduce<ErrorObject | undefined>(
      (best, error) => (best === undefined || error.instancePath.length > best.instancePath.length ? error : best),
      undefined,
    ) ?? errors[0]
  );
}

function targetOf(error: ErrorObject | undefined): string {
  if (error === undefined) return '';
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'required') path.push((error.params as { missingProperty: string }).missingProperty);
  return path.reduce((target, part) => (/^\d+$/.test(part) ? `${target}[${part}]` : target === '' ? part : `${target}.${part}`), '');
}

function problemOf(error: ErrorObject | undefined): string {
  if (error === undefined) return 'is invalid';
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required':
      return 'is required';
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
