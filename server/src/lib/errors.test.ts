import { ERROR_CODES, type ErrorCode } from '@switchboard/contract';
import { describe, expect, it } from 'vitest';
import { ApiError, InvalidStateError, messageOf } from './errors.ts';

describe('an error for the caller', () => {
  it.each(Object.entries(ERROR_CODES))('with code %s has status %d', (code, status) => {
    // Keys of the table itself.
    expect(new ApiError(code as ErrorCode, 'text')).toMatchObject({ name: 'ApiError', code, status, message: 'text' });
  });

  it('keeps what else is known', () => {
    const cause = new Error('deep');
    const details = [{ code: 'x', message: 'y' }];
    const error = new ApiError('BadRequest', 'text', { target: 'topic', details, retryAfterSeconds: 3, cause });
    expect(error).toMatchObject({ target: 'topic', details, retryAfterSeconds: 3, cause, explanation: undefined });
    expect('cause' in new ApiError('BadRequest', 'text')).toBe(false);
  });
});

describe('other errors', () => {
  it('tell what was closed', () => {
    expect(new InvalidStateError('the socket').message).toBe('the socket is closed');
  });

  it('have a text whatever was thrown', () => {
    expect([messageOf(new Error('a')), messageOf('b'), messageOf(undefined), messageOf(7)]).toEqual(['a', 'b', 'undefined', '7']);
  });
});
