import type { Chat } from '../../../chat/index.ts';
import type { IdentityService } from '../../../identity/index.ts';
import type { Resource } from '../../../resources/index.ts';

/** What the administrator's chat routes share. */
export interface ChatRouteParts {
  readonly chat: Chat;
  readonly identities: IdentityService;
  /** The resource of this name, `local` without one. @throws ApiError 404 */
  readonly resourceOf: (name: string | null | undefined) => Resource;
}

const DEFAULT_PAGE_SIZE = 100;
const LARGEST_PAGE_SIZE = 200;

/** Larger pages than the largest are cut to it. */
export function pageSize(wanted: number | undefined): number {
  return Math.min(wanted ?? DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE);
}
