import { describe, expect, it } from 'vitest';
import { Limits, type LimitsOptions } from './limits.ts';
import { LIMITS, type LimitName } from './table.ts';

function refusalOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

const PRESETS: readonly LimitsOptions['preset'][] = ['handbook', 'azure'];

describe.each(PRESETS)('the preset %s', (preset) => {
  it.each(Object.entries(LIMITS))('has the published value of %s', (name, row) => {
    const limits = new Limits({ preset });
    // Keys of the table itself.
    expect(limits.value(name as LimitName)).toBe(row[preset as 'handbook' | 'azure'] ?? Infinity);
  });
});

describe('limits', () => {
  it('R33: the handbook allows 250 participants in one call, strict Azure 200', () => {
    const name = 'chat.participants-per-call';
    expect(refusalOf(() => new Limits({ preset: 'handbook' }).atMost(name, 250, 'participants'))).toBeUndefined();
    expect(refusalOf(() => new Limits({ preset: 'azure' }).atMost(name, 200, 'participants'))).toBeUndefined();
    expect(refusalOf(() => new Limits({ preset: 'azure' }).atMost(name, 201, 'participants'))).toMatchObject({ status: 400 });
  });

  it('refuse above the most and below the least, not at it', () => {
    const limits = new Limits({ preset: 'azure' });
    expect(refusalOf(() => limits.atLeast('identity.token-minutes-min', 60, 'expiresInMinutes'))).toBeUndefined();
    expect(refusalOf(() => limits.atLeast('identity.token-minutes-min', 59, 'expiresInMinutes'))).toMatchObject({
      code: 'BadRequest',
      target: 'expiresInMinutes',
    });
  });

  it('name the field, the limit, its value, the preset in force and the one that would allow it', () => {
    const error = refusalOf(() => new Limits({ preset: 'azure' }).atMost('chat.participants-per-call', 250, 'participants'));
    expect(error).toMatchObject({
      message:
        'participants is 250 participants, but limit chat.participants-per-call is at most 200 under the preset azure; it would pass under the preset handbook.',
      explanation: { rule: 'limit.chat.participants-per-call' },
    });
  });

  it('say so when no preset allows it', () => {
    const error = refusalOf(() => new Limits({ preset: 'handbook' }).atMost('chat.participants-per-thread', 251, 'participants'));
    expect(error).toMatchObject({
      message: expect.stringMatching(/at most 250 .* no preset allows it; the preset custom can\.$/) as unknown,
    });
  });

  it('take values of their own under custom, and the handbook elsewhere', () => {
    const limits = new Limits({ preset: 'custom', values: { 'chat.participants-per-thread': 3, 'chat.message-bytes': null } });
    expect(limits.value('chat.participants-per-thread')).toBe(3);
    expect(limits.value('chat.message-bytes')).toBe(Infinity);
    expect(limits.value('chat.participants-per-call')).toBe(250);
    expect(refusalOf(() => limits.atMost('chat.message-bytes', 10 ** 9, 'content'))).toBeUndefined();
    expect(refusalOf(() => limits.atMost('chat.participants-per-thread', 4, 'participants'))).toMatchObject({
      message: expect.stringContaining('under the preset custom; it would pass under the preset handbook and azure') as unknown,
    });
  });

  it.each([
    ['a name there is not', { 'chat.nonsense': 1 }, /no limit "chat\.nonsense"; the names are .*chat\.message-bytes/],
    ['a name of objects', { toString: 1 }, /no limit "toString"/],
    ['a fraction', { 'chat.page-size': 1.5 }, /chat\.page-size must be a whole number or null/],
    ['a negative number', { 'chat.page-size': -1 }, /chat\.page-size must be/],
    ['no number', { 'chat.page-size': NaN }, /chat\.page-size must be/],
  ])('do not take %s', (_what, values, message) => {
    expect(() => new Limits({ preset: 'custom', values })).toThrow(message);
  });

  it('are listed with all that is known of them', () => {
    const rows = new Limits({ preset: 'custom', values: { 'chat.message-bytes': null } }).rows();
    expect(rows.map((row) => row.name)).toEqual(Object.keys(LIMITS));
    expect(rows.find((row) => row.name === 'chat.message-bytes')).toMatchObject({ value: null, handbook: 28_672, unit: 'bytes' });
    for (const row of rows) expect([row.unit, row.description, row.source].every((text) => text !== '')).toBe(true);
  });
});
