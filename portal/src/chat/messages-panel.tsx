import { Button, Spinner, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { describeChange } from '../message.ts';
import type { Message } from '../message.ts';
import type { Thread } from './chat-api.ts';
import type { MessageWindow } from './message-window.ts';
import { MessageLine } from './message-line.tsx';
import { listNames, nameOf } from './names.ts';

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
  system: { alignSelf: 'center', textAlign: 'center', color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere', maxWidth: '100%' },
  older: { alignSelf: 'center', flexShrink: 0 },
  empty: { margin: 'auto', color: tokens.colorNeutralForeground3 },
});

interface MessagesPanelProps {
  readonly thread: Thread;
  readonly window: MessageWindow | undefined;
  readonly loadOlder: () => Promise<void>;
}

/** The messages of a thread, oldest first; follows the newest unless scrolled up. */
export function MessagesPanel({ thread, window: shown, loadOlder }: MessagesPanelProps): ReactNode {
  const styles = useStyles();
  const { list, onScroll } = useScroll(shown?.messages);
  const [loading, setLoading] = useState(false);
  const readersAt = useMemo(() => readersByMessage(thread), [thread]);
  const name = useCallback((id: string) => nameOf(thread.participants, id), [thread]);
  const load = async (): Promise<void> => {
    setLoading(true);
    // What went wrong shows with the next refresh of the thread.
    await loadOlder().catch(() => undefined);
    setLoading(false);
  };
  return (
    <div ref={list} className={styles.list} onScroll={onScroll} role="log" aria-label="Messages" tabIndex={0} data-testid="messages">
      {shown === undefined && <Spinner size="small" label="Loading" />}
      {shown?.messages.length === 0 && <Text className={styles.empty}>No messages</Text>}
      {shown?.older !== undefined && (
        <Button size="small" className={styles.older} disabled={loading} onClick={() => void load()} data-testid="older-messages">
          Show older messages
        </Button>
      )}
      {shown?.messages.map((message) =>
        message.kind === 'system' ? (
          <Text key={message.id} size={200} className={styles.system} data-testid="system-message">
            {describeChange({ ...message, participantIds: message.participantIds }, name)}
          </Text>
        ) : (
          <MessageLine
            key={message.id}
            message={message}
            sender={message.senderName || name(message.senderId)}
            readers={readersAt.get(message.id) ?? ''}
          />
        ),
      )}
    </div>
  );
}

function readersByMessage({ receipts, participants }: Thread): ReadonlyMap<string, string> {
  const names = new Map<string, string[]>();
  for (const { userId, chatMessageId } of receipts) {
    names.set(chatMessageId, [...(names.get(chatMessageId) ?? []), nameOf(participants, userId)]);
  }
  return new Map([...names].map(([id, readers]) => [id, listNames(readers)]));
}

interface Scroll {
  readonly list: React.RefObject<HTMLDivElement>;
  readonly onScroll: () => void;
}

/** Stays at the newest message, or, scrolled up, at what is read while older messages come in front of it. */
function useScroll(messages: readonly Message[] | undefined): Scroll {
  const list = useRef<HTMLDivElement>(null);
  const from = useRef({ bottom: true, heightPx: 0, oldest: '' });
  const oldest = messages?.[0]?.id ?? '';
  useLayoutEffect(() => {
    const { current } = list;
    if (current === null) return;
    const grownPx = current.scrollHeight - from.current.heightPx;
    if (from.current.bottom) current.scrollTop = current.scrollHeight;
    else if (from.current.oldest !== oldest) current.scrollTop += grownPx;
    from.current = { ...from.current, heightPx: current.scrollHeight, oldest };
  }, [messages, oldest]);
  const onScroll = (): void => {
    const { scrollHeight, scrollTop, clientHeight } = list.current ?? { scrollHeight: 0, scrollTop: 0, clientHeight: 0 };
    from.current.bottom = scrollHeight - scrollTop - clientHeight < nearBottomPx;
  };
  return { list, onScroll };
}
