import { expect } from 'vitest';
import type { ChatPageUser } from './browser-chat-user.ts';

export function identifierOf(user: ChatPageUser): object {
  return { kind: 'communicationUser', communicationUserId: user.id };
}

export function asParticipant(user: ChatPageUser): { readonly id: { readonly communicationUserId: string }; readonly displayName: string } {
  return { id: { communicationUserId: user.id }, displayName: user.name };
}

/** The one time of an event other than its message's creation; a minute ago at most. */
export function timeOf(event: Readonly<Record<string, unknown>>): Date {
  const times = Object.entries(event).filter(([name, value]) => name !== 'createdOn' && value instanceof Date);
  expect(times).toHaveLength(1);
  const time = times[0]![1] as Date;
  expect(Math.abs(Date.now() - time.getTime())).toBeLessThan(60_000);
  return time;
}

/** Versions are times in milliseconds, and rise. */
export function versionAfter(id: string): unknown {
  return expect.toSatisfy((version: string) => Number(version) > Number(id));
}
