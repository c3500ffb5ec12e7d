import { ERROR_CODES, type ErrorCode } from '@switchboard/contract';
import { expect } from 'vitest';
import { errorOf, type ErrorBody, type RawAnswer } from '../../lib/raw-request.ts';
import { whyOf } from '../../lib/why.ts';
import type { Ground } from './ground.ts';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Asserts that a refusal has a status of the caller's own making and the envelope of the service. @returns the envelope */
export function expectEnvelope(answer: RawAnswer): ErrorBody {
  expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
  expect(answer.status, answer.text).toBeLessThan(500);
  const error = errorOf(answer);
  expect(ERROR_CODES[error.code as ErrorCode]).toBe(answer.status);
  expect(error.message).not.toBe('');
  expect(answer.headers['x-ms-error-code']).toBe(error.code);
  expect(answer.headers['x-ms-request-id']).toMatch(UUID);
  expect(answer.headers['ms-cv']).toMatch(/\.\d+$/);
  return error;
}

/** Asserts a refusal with one of these statuses which the admin API explains: rule, cause and cure. */
export async function expectExplained(ground: Ground, answer: RawAnswer, statuses: readonly number[]): Promise<void> {
  expect(statuses, answer.text).toContain(answer.status);
  const error = expectEnvelope(answer);
  const why = await whyOf(ground.server, answer);
  expect(why.status).toBe(answer.status);
  expect(why.cause).toBe(error.message);
  expect(why.rule).toMatch(/^[\w-]+(?:\.[\w-]+)+$/);
  expect(why.cure).toMatch(/\w{3,}/);
}

/** Asserts a 400 that names the field, in its target or its message. */
export function expectNamed(answer: RawAnswer, field: string): void {
  const error = expectEnvelope(answer);
  expect(answer.status, answer.text).toBe(400);
  expect(`${error.target ?? ''} ${error.message}`).toContain(field);
}
