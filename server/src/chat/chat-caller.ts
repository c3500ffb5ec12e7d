import type { VerifiedToken } from '../http/index.ts';

/**
 * Who acts in a chat, and what that somebody may do: a verified user token, or an administrator who acts as a user. Both
 * pass the same services, so what an administrator causes is what a client would have caused.
 */
export interface ChatCaller extends Pick<VerifiedToken, 'resource' | 'identity' | 'scopes'> {
  /** An administrator manages threads and participants in a user's name, whether or not that user takes part. */
  readonly isAdministrator?: boolean;
}
