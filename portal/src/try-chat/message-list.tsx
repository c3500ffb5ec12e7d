import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { canWrite, nameOf } from './chat-state.ts';
import type { ChatState } from './chat-state.ts';
import { MessageBubble } from './message-bubble.tsx';
import type { MessageActions } from './message-bubble.tsx';
import { describeChange } from '../message.ts';

const nearBottomPx = 80;

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: tokens.spacingHorizontalM,
  },
  system: { alignSelf: 'center', textAlign: 'center', color: tokens.colorNeutralForeground3 },
  empty: { margin: 'auto', color: tokens.colorNeutralForeground3 },
});

interface MessageListProps {
  readonly state: ChatState;
  readonly actions: MessageActions;
  readonly label: string;
  readonly testId: string;
}

/** The thread as this user sees it, oldest first; follows the newest message unless scrolled up. */
export function MessageList({ state, actions, label, testId }: MessageListProps): ReactNode {
  const styles = useStyles();
  const list = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const name = (id: string): string => nameOf(state, id);
  useLayoutEffect(() => {
    if (atBottom.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [state.messages, state.seenUpTo]);
  const onScroll = (): void => {
    const { scrollHeight, scrollTop, clientHeight } = list.current ?? { scrollHeight: 0, scrollTop: 0, clientHeight: 0 };
    atBottom.current = scrollHeight - scrollTop - clientHeight < nearBottomPx;
  };
  const receiptAt = state.messages.findLast((message) => message.kind === 'text' && message.senderId === state.me && !message.deleted)?.id;
  const seen = Number(state.seenUpTo ?? 0) >= Number(receiptAt);
  return (
    <div ref={list} className={styles.list} onScroll={onScroll} role="log" aria-label={label} tabIndex={0} data-testid={testId}>
      {state.messages.length === 0 && <Text className={styles.empty}>No messages yet</Text>}
      {state.messages.map((message) =>
        message.kind === 'system' ? (
          <Text key={message.id} size={200} className={styles.system} data-testid="system-message">
            {describeChange(message, name)}
          </Text>
        ) : (
          <MessageBubble
            key={message.id}
            message={message}
            own={message.senderId === state.me}
            sender={message.senderName || name(message.senderId)}
            actions={message.senderId === state.me && canWrite(state) ? actions : undefined}
            receipt={message.id !== receiptAt ? undefined : seen ? 'seen' : 'sent'}
          />
        ),
      )}
    </div>
  );
}
