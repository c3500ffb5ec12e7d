import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_DEPTH, parseJsonBody } from './json-body.ts';

function parse(text: string | Buffer): unknown {
  return parseJsonBody(Buffer.from(text as string));
}

function nested(depth: number, open = '[', close = ']'): string {
  return open.repeat(depth) + close.repeat(depth);
}

describe('a JSON body', () => {
  it('is parsed', () => {
    expect(parse('{"a":[1,"ü",null,true]}')).toEqual({ a: [1, 'ü', null, true] });
    expect(parse(' "text" ')).toBe('text');
  });

  it('may be absent', () => {
    expect(parse('')).toBeUndefined();
  });

  it('may begin with a byte order mark, as RFC 8259 section 8.1 allows', () => {
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it('is UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x28, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xff, 0xfe, 0x7b, 0x00],
    ]) {
      expect(() => parse(Buffer.from(bytes))).toThrow(/not valid UTF-8/);
    }
  });

  it('is at most 32 levels deep, whatever stands in its texts', () => {
    const depth = MAX_JSON_DEPTH;
    expect(parse(nested(depth))).toBeDefined();
    expect(parse(`{"${'[{'.repeat(100)}":"${'\\"['.repeat(100)}"}`)).toBeDefined();
    expect(parse(`[${'[],'.repeat(1_000)}[]]`)).toHaveLength(1_001);
    for (const text of [nested(depth + 1), '{"a":'.repeat(depth + 1) + '1' + '}'.repeat(depth + 1), nested(500_000), '['.repeat(500_000)]) {
      expect(() => parse(text)).toThrow(/nested more than 32 levels deep/);
    }
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"a":{"__proto__":null}}',
    '{"\\u005f_proto__":1}',
    '{"constructor":{"prototype":{"admin":true}}}',
  ])('reaches no prototype: %s', (text) => {
    expect(() => parse(text)).toThrow(/forbidden prototype property/);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('is refused with the position of the fault, and never with an excerpt', () => {
    expect(() => parse('{"secret words":1,}')).toThrow(/^The body is not acceptable JSON: it does not parse at position 18\.$/);
    for (const text of ['secret words', '{"a": secret}', '"position 15551234567', 'position 15551234567']) {
      expect(() => parse(text)).toThrow(expect.not.objectContaining({ message: expect.stringMatching(/secret|1555/) as unknown }));
    }
  });

  it('is read from any bytes without another fault than a refusal', () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '1', 'null', '__proto__', 'é'), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          pieces.map((parts) => Buffer.from(parts.join(''))),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          try {
            parseJsonBody(Buffer.from(bytes));
          } catch (error) {
            expect(error).toMatchObject({ name: 'ApiError', status: 400, target: 'body' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
