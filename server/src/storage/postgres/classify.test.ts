import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../errors.ts';
import { classify } from './classify.ts';

function stateError(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('from the server', 0, 'error'), { code });
}

describe('an error of a transaction', () => {
  it.each([
    ['40001', { retry: true, lost: false, reason: 'busy' }],
    ['40P01', { retry: true, lost: false, reason: 'busy' }],
    ['53100', { retry: false, lost: false, reason: 'disk-full' }],
    ['53300', { retry: false, lost: true, reason: 'connection-lost' }],
    ['08006', { retry: false, lost: true, reason: 'connection-lost' }],
    ['57P01', { retry: false, lost: true, reason: 'connection-lost' }],
  ])('with SQLSTATE %s', (state, { retry, lost, reason }) => {
    const cause = stateError(state);
    expect(classify(cause)).toMatchObject({ retry, lost, error: { name: 'UnavailableError', reason, cause } });
  });

  it.each([
    ['a constraint', stateError('23505')],
    ['a unit of work', new Error('of the unit')],
    ['a unit of work, with a code of its own', Object.assign(new Error('of the unit'), { code: 'NotFound' })],
    ['a unit of work, with a code like a state', Object.assign(new Error('of the unit'), { code: '40001' })],
    ['storage itself', new UnavailableError('closed')],
    ['somebody who throws texts', 'a text'],
  ])('of %s stays as it is', (_whose, error) => {
    const verdict = classify(error);
    expect(verdict.error).toBe(error);
    expect(verdict).toMatchObject({ retry: false, lost: false });
  });

  it.each([
    Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }),
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
  ])('of the network means that the connection is lost: $message', (error) => {
    expect(classify(error)).toMatchObject({ retry: false, lost: true, error: { reason: 'connection-lost', cause: error } });
  });
});
