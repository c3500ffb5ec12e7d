import type { AdminSmsMessage } from '@switchboard/contract';
import type { TextMatch } from '../../http/index.ts';
import { readTime } from '../../lib/wire-time.ts';
import { smsErrors } from '../errors.ts';
import { firstNumberOf, numberInId } from '../message-number.ts';
import type { SmsEntry } from './sms-entry.ts';

/** Which messages of a resource are looked for; what is undefined does not matter. */
export interface SmsQuery {
  readonly resourceId: string;
  readonly direction: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** At either end. */
  readonly number: string | undefined;
  readonly status: string | undefined;
  /** The first number that counts. */
  readonly fromNo: number;
  readonly match: TextMatch | undefined;
}

export function isSought({ no, resourceId, shown }: SmsEntry, query: SmsQuery): boolean {
  if (resourceId !== query.resourceId || no < query.fromNo) return false;
  if (query.direction !== undefined && shown.direction !== query.direction) return false;
  if (query.status !== undefined && shown.status !== query.status) return false;
  return hasEnds(shown, query) && (query.match?.isIn(shown.message) ?? true);
}

function hasEnds({ from, to }: AdminSmsMessage, query: SmsQuery): boolean {
  if (query.from !== undefined && from !== query.from) return false;
  if (query.to !== undefined && to !== query.to) return false;
  return query.number === undefined || from === query.number || to === query.number;
}

/**
 * The first number that `since` means: that of a time, or the one after a message's.
 *
 * @throws ApiError 400
 */
export function numberSince(since: string | undefined): number {
  if (since === undefined) return 0;
  const no = numberInId(since);
  if (no !== undefined) return no + 1;
  const atMs = readTime(since);
  if (atMs === undefined) throw smsErrors.badSince();
  return firstNumberOf(atMs);
}
