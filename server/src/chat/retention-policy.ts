import type { RetentionPolicy } from './content.ts';
import { chatErrors } from './errors.ts';

const MIN_DAYS = 30;
const MAX_DAYS = 90;

/** @throws ApiError 400 for another kind, or days outside of 30 to 90 (ACS chat data retention) */
export function parseRetentionPolicy(
  input: { readonly kind: string; readonly deleteThreadAfterDays?: number | null } | undefined,
  target = 'retentionPolicy',
): RetentionPolicy | undefined {
  if (input === undefined) return undefined;
  if (input.kind === 'none') return { kind: 'none' };
  if (input.kind !== 'threadCreationDate') throw chatErrors.invalid(`${target}.kind`, 'must be none or threadCreationDate');
  const days = input.deleteThreadAfterDays ?? NaN;
  if (!(days >= MIN_DAYS && days <= MAX_DAYS))
    throw chatErrors.invalid(`${target}.deleteThreadAfterDays`, `must be ${MIN_DAYS} to ${MAX_DAYS}`);
  return { kind: 'threadCreationDate', deleteThreadAfterDays: days };
}
