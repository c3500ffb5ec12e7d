import { describe, expect, it } from 'vitest';
import { Limits } from '../limits/index.ts';
import { checkMetadata, mergeMetadata } from './metadata.ts';

const context = { limits: new Limits({ preset: 'handbook' }), target: 'metadata' };

describe('metadata', () => {
  it('has 1,024 characters in keys and values together', () => {
    expect(() => checkMetadata(undefined, context)).not.toThrow();
    expect(() => checkMetadata({ a: 'x'.repeat(500), b: 'x'.repeat(522) }, context)).not.toThrow();
    expect(() => checkMetadata({ a: 'x'.repeat(500), b: 'x'.repeat(523) }, context)).toThrow(
      expect.objectContaining({ status: 400, target: 'metadata' }),
    );
  });

  // RFC 7396 on a flat map.
  it.each([
    [{ a: '1' }, undefined, { a: '1' }],
    [{ a: '1' }, null, undefined],
    [undefined, { a: '1' }, { a: '1' }],
    [
      { a: '1', b: '2' },
      { a: null, c: '3' },
      { b: '2', c: '3' },
    ],
    [{ a: '1' }, { a: '' }, { a: '' }],
    [{ a: '1' }, { a: null }, undefined],
    [{ a: '1' }, { b: null }, { a: '1' }],
    [{ a: '1' }, {}, { a: '1' }],
    [undefined, { toString: 'x' }, { toString: 'x' }],
  ])('%j changed by %j is %j', (old, patch, merged) => {
    expect(mergeMetadata(old, patch)).toEqual(merged);
  });
});
