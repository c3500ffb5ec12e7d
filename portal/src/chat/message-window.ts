import { mergeMessages } from '../message.ts';
import type { Message } from '../message.ts';
import type { Page, WireMessage } from './chat-api.ts';
import { fromWire } from './wire-message.ts';

/** The part of a thread's messages that was loaded: the newest, without a gap, oldest first. */
export interface MessageWindow {
  readonly messages: readonly Message[];
  /** Address of the messages before; undefined when there are none. */
  readonly older: string | undefined;
}

/** Joins the newest page with what is shown: new and changed messages come, those that have ended go. */
export function withNewest(window: MessageWindow | undefined, page: Page<WireMessage>): MessageWindow {
  const newest = page.value.map(fromWire);
  const oldestId = Number(newest.at(-1)?.id ?? 0);
  const known = window?.messages ?? [];
  // More has come than fits a page: what is shown would have a gap.
  const isApart = page.nextLink !== undefined && !known.some(({ id }) => Number(id) >= oldestId);
  if (page.nextLink === undefined || isApart) return { messages: mergeMessages([], newest), older: page.nextLink };
  const before = known.filter(({ id }) => Number(id) < oldestId);
  return { messages: mergeMessages(before, newest), older: before.length === 0 ? page.nextLink : window?.older };
}

/** Puts an older page in front. */
export function withOlder(window: MessageWindow, page: Page<WireMessage>): MessageWindow {
  return { messages: mergeMessages(window.messages, page.value.map(fromWire)), older: page.nextLink };
}
