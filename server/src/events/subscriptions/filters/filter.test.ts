import type { AdvancedFilter, EventFilter } from '@switchboard/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../event.ts';
import { checkFilter } from '../checks/filter.ts';
import { compileFilter } from './filter.ts';
import { OPERATOR_NAMES } from './operators.ts';

const EVENT: Event = {
  id: 'event-1',
  topic: '/subscriptions/s/resourceGroups/g/providers/microsoft.communication/communicationservices/local',
  type: 'Microsoft.Communication.ChatMessageReceived',
  subject: 'thread/19:Abc@thread.v2/sender/8:acs:one',
  data: {
    text: 'Hello World',
    number: 5,
    yes: true,
    empty: null,
    words: ['Red', 'green', 7],
    numbers: [1, 2.5, 'x'],
    none: [],
    nested: { deep: { er: 'here' } },
    people: [{ name: 'Ann' }],
  },
  atMs: Date.UTC(2026, 0, 15, 10),
  dataVersion: '1.0',
};

function passes(advanced: object | readonly object[], { onArrays = false, event = EVENT } = {}): boolean {
  const advancedFilters = [advanced].flat() as AdvancedFilter[];
  const filter: EventFilter = { advancedFilters, enableAdvancedFilteringOnArrays: onArrays };
  return compileFilter(checkFilter(filter, 'EventGridSchema'))(event);
}

describe('R106: an advanced filter', () => {
  it.each([
    ['NumberIn', { values: [4, 5] }, { values: [4] }, false],
    ['NumberNotIn', { values: [4] }, { values: [4, 5] }, true],
    ['NumberLessThan', { value: 5.5 }, { value: 5 }, false],
    ['NumberLessThanOrEquals', { value: 5 }, { value: 4.9 }, false],
    ['NumberGreaterThan', { value: 4 }, { value: 5 }, false],
    ['NumberGreaterThanOrEquals', { value: 5 }, { value: 5.1 }, false],
    ['NumberInRange', { values: [[9, 10], [5, 6]] }, { values: [[5.1, 6]] }, false], // prettier-ignore
    ['NumberNotInRange', { values: [[6, 7]] }, { values: [[1, 5]] }, true],
  ] as const)('%s', (...[operatorType, hit, miss, onMissing]) => {
    expect(passes({ operatorType, key: 'data.number', ...hit })).toBe(true);
    expect(passes({ operatorType, key: 'data.number', ...miss })).toBe(false);
    for (const key of ['data.missing', 'data.empty', 'data.text', 'data.numbers'])
      expect(passes({ operatorType, key, ...hit }), key).toBe(onMissing);
  });

  it.each([
    ['StringIn', ['x', 'hello WORLD'], ['hello'], false],
    ['StringNotIn', ['hello'], ['x', 'hello WORLD'], true],
    ['StringContains', ['x', 'LO W'], ['xyz'], false],
    ['StringNotContains', ['xyz'], ['x', 'LO W'], false],
    ['StringBeginsWith', ['x', 'HELLO'], ['world'], false],
    ['StringNotBeginsWith', ['world'], ['x', 'HELLO'], false],
    ['StringEndsWith', ['x', 'WORLD'], ['hello'], false],
    ['StringNotEndsWith', ['hello'], ['x', 'WORLD'], false],
  ] as const)('%s, whatever the case', (...[operatorType, hit, miss, onMissing]) => {
    expect(passes({ operatorType, key: 'data.text', values: hit })).toBe(true);
    expect(passes({ operatorType, key: 'data.text', values: miss })).toBe(false);
    for (const key of ['data.missing', 'data.empty', 'data.number', 'data.words'])
      expect(passes({ operatorType, key, values: hit }), key).toBe(onMissing);
  });

  it('BoolEquals', () => {
    expect(passes({ operatorType: 'BoolEquals', key: 'data.yes', value: true })).toBe(true);
    expect(passes({ operatorType: 'BoolEquals', key: 'data.yes', value: false })).toBe(false);
    expect(passes({ operatorType: 'BoolEquals', key: 'data.missing', value: false })).toBe(false);
  });

  it('IsNullOrUndefined and IsNotNull', () => {
    for (const [key, isNull] of [
      ['data.empty', true],
      ['data.missing', true],
      ['data.text', false],
      ['data.none', false],
      ['data.nested', false],
    ] as const) {
      expect(passes({ operatorType: 'IsNullOrUndefined', key }), key).toBe(isNull);
      expect(passes({ operatorType: 'IsNotNull', key }), key).toBe(!isNull);
    }
  });

  it('with arrays enabled: any element for what is wanted, none for what is not; elements of another type are skipped', () => {
    const onArrays = true;
    expect(passes({ operatorType: 'StringIn', key: 'data.words', values: ['GREEN'] }, { onArrays })).toBe(true);
    expect(passes({ operatorType: 'StringIn', key: 'data.words', values: ['7'] }, { onArrays })).toBe(false);
    expect(passes({ operatorType: 'StringNotIn', key: 'data.words', values: ['red'] }, { onArrays })).toBe(false);
    expect(passes({ operatorType: 'StringNotContains', key: 'data.words', values: ['blue'] }, { onArrays })).toBe(true);
    expect(passes({ operatorType: 'NumberGreaterThan', key: 'data.numbers', value: 2 }, { onArrays })).toBe(true);
    expect(passes({ operatorType: 'NumberNotIn', key: 'data.numbers', values: [2.5] }, { onArrays })).toBe(false);
    expect(passes({ operatorType: 'StringContains', key: 'data.none', values: ['a'] }, { onArrays })).toBe(false);
    expect(passes({ operatorType: 'StringContains', key: 'data.people.name', values: ['Ann'] }, { onArrays })).toBe(false);
    expect(passes({ operatorType: 'StringIn', key: 'data.words.0', values: ['Red'] }, { onArrays })).toBe(false);
  });

  it('with others: all must hold', () => {
    const number = { operatorType: 'NumberIn', key: 'data.number', values: [5] };
    const text = { operatorType: 'StringContains', key: 'data.text', values: ['hello'] };
    expect(passes([number, text])).toBe(true);
    expect(passes([number, { ...text, values: ['nothing'] }])).toBe(false);
  });

  it.each([
    ['id', 'event-1'],
    ['subject', EVENT.subject],
    ['Subject', EVENT.subject],
    ['eventType', EVENT.type],
    ['type', EVENT.type],
    ['topic', EVENT.topic],
    ['source', EVENT.topic],
    ['dataVersion', '1.0'],
    ['specversion', '1.0'],
    ['Data.nested.deep.er', 'here'],
  ])('finds %s', (key, value) => {
    expect(passes({ operatorType: 'StringIn', key, values: [value] })).toBe(true);
  });

  it('finds attributes of published CloudEvents, and members of events in a schema of their own', () => {
    const cloud = { id: '1', source: '/mine', type: 't', specversion: '1.0', tenantcolor: 'blue' };
    const published: Event = { ...EVENT, cloud };
    const test = (input: 'CloudEventSchemaV1_0' | 'CustomEventSchema', key: string, value: string) =>
      compileFilter(checkFilter({ advancedFilters: [{ operatorType: 'StringIn', key, values: [value] }] }, input));
    expect(test('CloudEventSchemaV1_0', 'tenantcolor', 'blue')(published)).toBe(true);
    expect(test('CloudEventSchemaV1_0', 'source', '/mine')(published)).toBe(true);
    const custom: Event = { ...EVENT, isCustom: true, data: { kind: { of: 'thing' } } };
    expect(test('CustomEventSchema', 'kind.of', 'thing')(custom)).toBe(true);
  });

  it.each(['data.__proto__', 'data.constructor', 'data.constructor.name', 'data.toString', 'data.text.length', 'data.words.length'])(
    'finds nothing by %s, which no event has of its own',
    (key) => expect(passes({ operatorType: 'IsNullOrUndefined', key })).toBe(true),
  );

  it('finds a member of that name which came with the event', () => {
    const data: unknown = JSON.parse('{"__proto__": {"a": "mine"}}');
    expect(passes({ operatorType: 'StringIn', key: 'data.__proto__.a', values: ['mine'] }, { event: { ...EVENT, data } })).toBe(true);
  });
});

describe('the work of filters', () => {
  const text = (characters: string): Event => ({ ...EVENT, data: { text: characters } });
  const contains = (...values: string[]): object => ({ operatorType: 'StringContains', key: 'data.text', values });

  it('is bounded in long texts: a part is found in the first 65,536 characters, the end at the end', () => {
    const filler = 'a'.repeat(65_530);
    expect(passes(contains('NEEDLE'), { event: text(`${filler}needle and more`) })).toBe(true);
    expect(passes(contains('needle '), { event: text(`${filler}needle and more`) })).toBe(false);
    expect(passes({ ...contains('more'), operatorType: 'StringEndsWith' }, { event: text(`${filler}needle and more`) })).toBe(true);
    expect(compileFilter({ subjectEndsWith: 'B' })({ ...EVENT, subject: `${filler}${filler}b` })).toBe(true);
  });

  it('is bounded in arrays: a thousand elements are judged, of 65,536 characters together', () => {
    const withLast = (elements: number, characters: number): Event => {
      const data = { text: [...Array.from({ length: elements - 1 }, () => 'a'.repeat(characters)), 'last'] };
      return { ...EVENT, data };
    };
    const judges = (event: Event): boolean => passes(contains('last'), { event, onArrays: true });
    expect(judges(withLast(1_000, 1))).toBe(true);
    expect(judges(withLast(1_001, 1))).toBe(false);
    expect(judges(withLast(64, 1_000))).toBe(true);
    expect(judges(withLast(67, 1_000))).toBe(false);
  });

  it('is small whatever is looked for: one by one, these would take minutes', () => {
    const hostile = (i: number): string[] => Array.from({ length: 25 }, (_, j) => `ab${'a'.repeat(510 - ((25 * i + j) % 250))}`);
    const filters = Array.from({ length: 500 }, (_, i) => compileFilter({ advancedFilters: [contains(...hostile(i)) as AdvancedFilter] }));
    const event = text('a'.repeat(1_000_000));
    expect(filters.filter((test) => test(event))).toEqual([]);
    const last = text(`${'a'.repeat(60_000)}ab${'a'.repeat(510)}`);
    expect(filters.filter((test) => test(last))).toHaveLength(500);
  });
});

describe('R106: filters on the subject', () => {
  const subjectPasses = (filter: EventFilter): boolean => compileFilter(filter)(EVENT);

  it('compare begin and end without case, unless they are told to', () => {
    expect(subjectPasses({ subjectBeginsWith: 'THREAD/19:abc' })).toBe(true);
    expect(subjectPasses({ subjectBeginsWith: 'THREAD/19:abc', isSubjectCaseSensitive: true })).toBe(false);
    expect(subjectPasses({ subjectBeginsWith: 'thread/19:Abc', subjectEndsWith: '8:acs:one', isSubjectCaseSensitive: true })).toBe(true);
    expect(subjectPasses({ subjectEndsWith: '8:acs:two' })).toBe(false);
  });
});

describe('any filter', () => {
  const jsonKey = fc.oneof(fc.constantFrom('data', '__proto__', 'constructor', 'length', 'a', '0', ''), fc.string());
  const key = fc.oneof(
    fc.array(jsonKey, { minLength: 1, maxLength: 6 }).map((names) => ['data', ...names].join('.')),
    fc.string(),
  );
  // What the schema of the contract lets through.
  const values = fc.oneof(
    fc.array(fc.jsonValue(), { maxLength: 30 }),
    fc.array(fc.string(), { maxLength: 6 }),
    fc.array(fc.double({ noNaN: true }), { maxLength: 6 }),
  );
  const value = fc.oneof(fc.boolean(), fc.double({ noNaN: true }));
  const condition = fc.record(
    { operatorType: fc.oneof(fc.constantFrom(...OPERATOR_NAMES), fc.string()), key, value, values },
    { requiredKeys: ['operatorType', 'key'] },
  );

  it('is refused with its reason or judges any event, and never throws anything else', () => {
    let judged = 0;
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), fc.jsonValue(), fc.boolean(), (conditions, data, onArrays) => {
        const filter = { advancedFilters: conditions as AdvancedFilter[], enableAdvancedFilteringOnArrays: onArrays };
        try {
          checkFilter(filter, 'EventGridSchema');
        } catch (error) {
          expect(error).toMatchObject({ status: 400, target: expect.stringMatching(/^filter\.advancedFilters/) as string });
          return;
        }
        judged += 1;
        expect(typeof compileFilter(filter)({ ...EVENT, data })).toBe('boolean');
      }),
      { numRuns: 5_000 },
    );
    expect(judged).toBeGreaterThan(100);
  });
});
