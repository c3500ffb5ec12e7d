import type { ChatMessage, ChatParticipant } from '@azure/communication-chat';
import { getIdentifierRawId } from '@azure/communication-common';
import type { ChatEvent } from './chat-events.ts';
import { mergeMessages } from '../message.ts';
import type { Message, TextMessage } from '../message.ts';
import { fromEvent, fromHistory } from './message.ts';

/** `stopped`: no real-time notifications were asked for, or they were ended on purpose. */
export type Connection = 'stopped' | 'connecting' | 'live' | 'reconnecting';

export interface Typing {
  readonly id: string;
  /** Browser time, epoch milliseconds. */
  readonly sinceMs: number;
}

/** What one user's client knows: its own view, made of its own answers and events alone. */
export interface ChatState {
  /** Raw id of the user. */
  readonly me: string;
  readonly connection: Connection;
  readonly threadId: string | undefined;
  readonly topic: string;
  readonly deleted: boolean;
  /** Raw ids of the current participants. */
  readonly participants: readonly string[];
  /** Display names by raw id, kept after a participant has left. */
  readonly names: Readonly<Record<string, string>>;
  readonly messages: readonly Message[];
  readonly typing: readonly Typing[];
  /** Id of the newest message that somebody else has read. */
  readonly seenUpTo: string | undefined;
}

export type ChatAction =
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'threadOpened'; readonly threadId: string; readonly topic: string }
  | { readonly type: 'participantsLoaded'; readonly threadId: string; readonly participants: readonly ChatParticipant[] }
  | { readonly type: 'historyLoaded'; readonly threadId: string; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'sent'; readonly threadId: string; readonly message: TextMessage }
  | { readonly type: 'typingExpired'; readonly nowMs: number }
  | { readonly type: 'event'; readonly event: ChatEvent; readonly receivedAtMs: number };

/** The SDK repeats a typing notification at most every 8 s; a little longer, and a person who types on does not flicker. */
export const typingShownMs = 9000;

/** @param me raw id of the user, empty while there is none */
export function initialChatState(me: string): ChatState {
  return {
    me,
    connection: 'stopped',
    threadId: undefined,
    topic: '',
    deleted: false,
    participants: [],
    names: {},
    messages: [],
    typing: [],
    seenUpTo: undefined,
  };
}

/** The next state. What belongs to another thread than the open one changes nothing. */
export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  if (action.type === 'connection') return { ...state, connection: action.connection };
  if (action.type === 'typingExpired') return expireTyping(state, action.nowMs);
  if (action.type === 'threadOpened') {
    const { me, connection, names } = state;
    return { ...initialChatState(me), connection, names, threadId: action.threadId, topic: action.topic };
  }
  if (action.type === 'event') return applyEvent(state, action.event, action.receivedAtMs);
  if (action.threadId !== state.threadId) return state;
  switch (action.type) {
    case 'participantsLoaded':
      return { ...withNames(state, action.participants), participants: action.participants.map(idOf) };
    case 'historyLoaded':
      return withMessages(withNames(state, action.messages.flatMap(namedIn)), action.messages.map(fromHistory));
    case 'sent':
      return withMessages(state, [action.message]);
  }
}

/** Whether the user may write: in an open thread, and (still) one of its participants. */
export function canWrite(state: ChatState): boolean {
  return state.threadId !== undefined && !state.deleted && state.participants.includes(state.me);
}

/** Display name of a user, else the end of the raw id. */
export function nameOf(state: ChatState, id: string): string {
  return state.names[id] || `…${id.slice(-6)}`;
}

function applyEvent(state: ChatState, event: ChatEvent, nowMs: number): ChatState {
  if (event.payload.threadId !== state.threadId) return state;
  switch (event.name) {
    case 'chatMessageReceived':
    case 'chatMessageEdited':
    case 'chatMessageDeleted': {
      const message = fromEvent(event.payload);
      return stopTyping(withMessages(state, [message]), message.senderId);
    }
    case 'typingIndicatorReceived': {
      const id = getIdentifierRawId(event.payload.sender);
      // The service sends a user's own notification back as well.
      return id === state.me ? state : { ...stopTyping(state, id), typing: [...stopTyping(state, id).typing, { id, sinceMs: nowMs }] };
    }
    case 'readReceiptReceived':
      return withReceipt(state, getIdentifierRawId(event.payload.sender), event.payload.chatMessageId);
    case 'chatThreadCreated':
    case 'chatThreadPropertiesUpdated':
      return { ...state, topic: event.payload.properties.topic };
    case 'chatThreadDeleted':
      return { ...state, deleted: true, typing: [] };
    case 'participantsAdded': {
      const added = event.payload.participantsAdded;
      return { ...withNames(state, added), participants: [...new Set([...state.participants, ...added.map(idOf)])] };
    }
    case 'participantsRemoved': {
      const removed = event.payload.participantsRemoved.map(idOf);
      const left = { ...state, participants: state.participants.filter((id) => !removed.includes(id)) };
      return removed.reduce(stopTyping, left);
    }
  }
}

function withMessages(state: ChatState, incoming: readonly Message[]): ChatState {
  return { ...state, messages: mergeMessages(state.messages, incoming) };
}

function withNames(state: ChatState, people: readonly Pick<ChatParticipant, 'id' | 'displayName'>[]): ChatState {
  const named = people.filter((person) => person.displayName).map((person) => [idOf(person), person.displayName ?? ''] as const);
  return { ...state, names: { ...state.names, ...Object.fromEntries(named) } };
}

function namedIn(message: ChatMessage): readonly Pick<ChatParticipant, 'id' | 'displayName'>[] {
  const sender = message.sender && message.senderDisplayName ? [{ id: message.sender, displayName: message.senderDisplayName }] : [];
  return [...sender, ...(message.content?.participants ?? [])];
}

/** A receipt covers everything up to its message; receipts may arrive out of order. */
function withReceipt(state: ChatState, readerId: string, messageId: string): ChatState {
  if (readerId === state.me || Number(messageId) <= Number(state.seenUpTo ?? 0)) return state;
  return { ...state, seenUpTo: messageId };
}

function stopTyping(state: ChatState, id: string): ChatState {
  return state.typing.some((entry) => entry.id === id) ? { ...state, typing: state.typing.filter((entry) => entry.id !== id) } : state;
}

function expireTyping(state: ChatState, nowMs: number): ChatState {
  const typing = state.typing.filter((entry) => nowMs - entry.sinceMs < typingShownMs);
  return typing.length === state.typing.length ? state : { ...state, typing };
}

function idOf(person: Pick<ChatParticipant, 'id'>): string {
  return getIdentifierRawId(person.id);
}
