import { chatReducer, initialChatState } from './chat-state.ts';
import type { ChatAction, ChatState } from './chat-state.ts';
import { appendLog } from './event-log.ts';
import type { LogEntry, LogItem, Who } from './event-log.ts';
import type { Failure } from '../failure.ts';

export type Phase =
  | { readonly name: 'idle' }
  | { readonly name: 'starting'; readonly step: string }
  | { readonly name: 'running' }
  | { readonly name: 'failed'; readonly failure: Failure };

export interface PageState {
  readonly phase: Phase;
  readonly alice: ChatState;
  readonly bob: ChatState;
  readonly log: readonly LogEntry[];
}

export type PageAction =
  | { readonly type: 'phase'; readonly phase: Phase }
  | { readonly type: 'users'; readonly alice: string; readonly bob: string }
  | { readonly type: 'chat'; readonly who: Who; readonly action: ChatAction }
  | { readonly type: 'log'; readonly item: LogItem; readonly at: Date }
  | { readonly type: 'logCleared' };

export const initialPageState: PageState = { phase: { name: 'idle' }, alice: initialChatState(''), bob: initialChatState(''), log: [] };

export function pageReducer(state: PageState, action: PageAction): PageState {
  switch (action.type) {
    case 'phase':
      return { ...state, phase: action.phase };
    case 'users':
      return { ...state, alice: initialChatState(action.alice), bob: initialChatState(action.bob) };
    case 'chat':
      return { ...state, [action.who]: chatReducer(state[action.who], action.action) };
    case 'log':
      return { ...state, log: appendLog(state.log, action.item, action.at) };
    case 'logCleared':
      return { ...state, log: [] };
  }
}
