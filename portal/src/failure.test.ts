import { describe, expect, it } from 'vitest';
import { AdminApiError } from './admin-api.ts';
import { toFailure } from './failure.ts';

describe('toFailure', () => {
  it('takes code, status and request id from an SDK error', () => {
    const headers = { get: (name: string) => (name === 'x-ms-request-id' ? 'r-1' : undefined) };
    const error = Object.assign(new Error('Not a participant.'), { statusCode: 403, code: 'Forbidden', response: { headers } });
    expect(toFailure(error)).toEqual({ status: 403, code: 'Forbidden', message: 'Not a participant.', requestId: 'r-1' });
  });

  it('tells what to do about an expired token', () => {
    expect(toFailure(Object.assign(new Error('x'), { statusCode: 401 })).hint).toMatch(/new users and tokens/);
  });

  it('takes an error of the admin API', () => {
    expect(toFailure(new AdminApiError('no', { status: 404, code: 'NotFound', requestId: 'r-2' }))).toMatchObject({
      status: 404,
      requestId: 'r-2',
    });
    expect(toFailure(new AdminApiError('away', { status: 0, code: 'Unreachable' }))).toEqual({ code: 'Unreachable', message: 'away' });
  });

  it('survives whatever else is thrown', () => {
    expect(toFailure('odd')).toEqual({ code: 'Unknown', message: 'odd' });
    expect(toFailure(new TypeError('bug'))).toEqual({ code: 'TypeError', message: 'bug' });
  });
});
