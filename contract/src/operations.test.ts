import { describe, expect, it } from 'vitest';
import { OPERATIONS } from './operations.ts';

/** A path with every parameter under the same name: two that differ in names alone are one route. */
function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}');
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, i) => values.indexOf(value) !== i);
}

describe('the contract', () => {
  it('lists its operations', () => {
    expect(OPERATIONS.length).toBeGreaterThan(40);
  });

  it('has every operation id once', () => {
    expect(repeated(OPERATIONS.map(({ id }) => id))).toEqual([]);
  });

  it('has every path once for each method', () => {
    expect(repeated(OPERATIONS.map(({ method, path }) => `${method} ${shapeOf(path)}`))).toEqual([]);
  });
});

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  it('declares exactly the parameters of its path', () => {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(Object.keys(operation.params?.properties ?? {}).sort()).toEqual(inPath.sort());
  });

  it('says what it does, and how it succeeds', () => {
    expect(operation.summary).toMatch(/^\S.*[^.]$/);
    const statuses = Object.keys(operation.responses).map(Number);
    expect(statuses.length).toBeGreaterThan(0);
    for (const status of statuses) expect(status >= 200 && status < 300, `${status}`).toBe(true);
    for (const [status, schema] of Object.entries(operation.responses)) if (status === '204') expect(schema).toBeNull();
  });

  it('takes a body only where HTTP has one', () => {
    if (operation.body !== undefined) expect(['POST', 'PUT', 'PATCH']).toContain(operation.method);
    if (operation.bodyOptional === true) expect(operation.body).toBeDefined();
  });

  it('takes api-version on the data plane, and an admin key under /admin alone', () => {
    if (operation.apiVersion) expect(operation.query?.properties).toHaveProperty('api-version');
    expect(operation.auth === 'admin').toBe(operation.path.startsWith('/admin/'));
  });
});
