import { describe, expect, it } from 'vitest';
import { parseRetentionPolicy } from './retention-policy.ts';

describe('a retention policy', () => {
  it('may be absent, or none', () => {
    expect(parseRetentionPolicy(undefined)).toBeUndefined();
    expect(parseRetentionPolicy({ kind: 'none' })).toEqual({ kind: 'none' });
  });

  it.each([30, 60, 90])('deletes %d days after the creation', (days) => {
    expect(parseRetentionPolicy({ kind: 'threadCreationDate', deleteThreadAfterDays: days })).toEqual({
      kind: 'threadCreationDate',
      deleteThreadAfterDays: days,
    });
  });

  it.each([29, 91, 0, -30, null, undefined])('does not delete after %s days', (days) => {
    const policy = { kind: 'threadCreationDate', ...(days === undefined ? {} : { deleteThreadAfterDays: days }) };
    expect(() => parseRetentionPolicy(policy)).toThrow(
      expect.objectContaining({ status: 400, target: 'retentionPolicy.deleteThreadAfterDays' }),
    );
  });

  it.each(['', 'None', 'forever'])('is of no kind %j', (kind) => {
    expect(() => parseRetentionPolicy({ kind })).toThrow(expect.objectContaining({ status: 400, target: 'retentionPolicy.kind' }));
  });
});
