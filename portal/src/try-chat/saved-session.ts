/** A communication user with the access token that this tab was given for it. */
export interface SavedUser {
  readonly id: string;
  readonly displayName: string;
  readonly token: string;
  /** ISO 8601. */
  readonly expiresOn: string;
}

/** Enough to open the same conversation after a reload of the tab. */
export interface SavedSession {
  readonly alice: SavedUser;
  readonly bob: SavedUser;
  readonly threadId: string;
}

const storageName = 'switchboard.tryChat';

export function saveSession(session: SavedSession): void {
  sessionStorage.setItem(storageName, JSON.stringify(session));
}

export function forgetSession(): void {
  sessionStorage.removeItem(storageName);
}

/** @returns the saved session while both tokens are valid */
export function loadSession(nowMs: number): SavedSession | undefined {
  const text = sessionStorage.getItem(storageName);
  if (!text) return undefined;
  // Written by saveSession in this tab; nothing else writes under this name.
  const session = JSON.parse(text) as SavedSession;
  const valid = [session.alice, session.bob].every((user) => Date.parse(user.expiresOn) > nowMs);
  return valid ? session : undefined;
}
