import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, OPERATIONS } from '@switchboard/contract';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../lib/errors.ts';
import { httpErrors } from './errors.ts';
import { RawMatcher } from './raw-matcher.ts';
import { compileValidators } from './validation.ts';

const SOURCES = join(import.meta.dirname, '..');

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  it('has schemas that compile, for what comes in and for what goes out', () => {
    const validators = compileValidators(operation);
    expect([validators.params, validators.query, validators.body].map((found) => found !== undefined)).toEqual(
      [operation.params, operation.query, operation.body].map((found) => found !== undefined),
    );
    const ajv = new Ajv({ strict: false });
    for (const schema of Object.values(operation.responses)) if (schema !== null) expect(ajv.compile(schema)).toBeTypeOf('function');
  });

  it('is found under its own path, and under no other', () => {
    const matcher = new RawMatcher();
    for (const [index, { method, path }] of OPERATIONS.entries()) matcher.add({ method, path, index });
    const target = operation.path.replaceAll(/\{\w+\}/g, '8%3Aacs%3Ax_y');
    expect(matcher.match(operation.method, target)).toMatchObject({ kind: 'route', route: { index: OPERATIONS.indexOf(operation) } });
  });
});

describe('error codes', () => {
  const source = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
    .join('\n');

  it.each(Object.keys(ERROR_CODES).filter((code) => code !== 'NotImplemented'))('%s is answered by something', (code) => {
    expect(source).toContain(`'${code}'`);
  });

  it('stand beside the status that the contract gives them', () => {
    const pairs = [...source.matchAll(/status: (\d{3}), code: '(\w+)'/g)];
    expect(pairs.length).toBeGreaterThan(0);
    for (const [text, status, code] of pairs) expect(ERROR_CODES[code as keyof typeof ERROR_CODES], text).toBe(Number(status));
  });
});

describe('refusals of the HTTP layer', () => {
  // Every factory, called with as many texts as it takes.
  const factories = Object.entries(httpErrors) as unknown as [string, (...args: unknown[]) => ApiError][];

  it.each(factories)('%s explain themselves', (name, make) => {
    const args =
      name === 'tooLarge'
        ? [5]
        : name === 'wrongMethod'
          ? [['GET', 'POST']]
          : name === 'unknownApiVersion'
            ? ['first', ['second']]
            : ['first', 'second'];
    const error = make(...args);
    expect(error.status).toBe(ERROR_CODES[error.code]);
    expect(error.message).toMatch(/\.$/);
    expect(error.explanation?.rule).toMatch(/^[a-z]+(?:[.-][a-z]+)+$/);
    expect(error.explanation?.cure).toMatch(/\.$/);
    expect(`${error.message} ${error.explanation?.cure ?? ''}`).not.toMatch(/undefined|\[object/);
  });
});
