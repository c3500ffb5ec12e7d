import { Avatar, Card, Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Dispatch, ReactNode } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { canWrite, nameOf, typingShownMs } from './chat-state.ts';
import type { ChatAction, ChatState } from './chat-state.ts';
import type { ChatUser } from './chat-user.ts';
import { Composer } from './composer.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { ConnectionHint } from './connection-hint.tsx';
import type { Who } from './event-log.ts';
import { toFailure } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { FailureBar } from '../failure-bar.tsx';
import { MessageList } from './message-list.tsx';
import { ThreadMenu } from './thread-menu.tsx';

const useStyles = makeStyles({
  pane: { display: 'flex', flexDirection: 'column', height: 'clamp(420px, 60vh, 640px)', minWidth: 0, padding: 0, gap: 0 },
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  who: { display: 'grid', flexGrow: 1, minWidth: 0 },
  id: { display: 'flex', alignItems: 'center', minWidth: 0, color: tokens.colorNeutralForeground3 },
  idText: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontFamily: tokens.fontFamilyMonospace },
  topic: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
  },
  foot: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    padding: `0 ${tokens.spacingHorizontalM} ${tokens.spacingVerticalM}`,
  },
  typing: { minHeight: '20px', color: tokens.colorNeutralForeground3 },
});

interface PaneProps {
  readonly who: Who;
  readonly user: ChatUser;
  /** The user of the other pane. */
  readonly other: ChatUser;
  readonly state: ChatState;
  readonly dispatch: Dispatch<ChatAction>;
}

/** One user's side of the conversation. */
export function Pane({ who, user, other, state, dispatch }: PaneProps): ReactNode {
  const styles = useStyles();
  const [failure, setFailure] = useState<Failure>();
  useTypingExpiry(state, dispatch);
  const attempt = async (call: Promise<void>): Promise<boolean> => {
    try {
      await call;
      setFailure(undefined);
      return true;
    } catch (error) {
      setFailure(toFailure(error));
      return false;
    }
  };
  const writable = canWrite(state);
  return (
    <Card className={styles.pane} role="region" aria-label={user.displayName} data-testid={`pane-${who}`}>
      <PaneHeader who={who} user={user} other={other} state={state} attempt={attempt} />
      <Text size={200} className={styles.topic} data-testid={`topic-${who}`}>
        {state.topic}
      </Text>
      <MessageList
        state={state}
        actions={{
          edit: (id, text) => void attempt(user.edit(id, text)),
          remove: (id) => void attempt(user.deleteMessage(id)),
        }}
        label={`Messages of ${user.displayName}`}
        testId={`messages-${who}`}
      />
      <div className={styles.foot}>
        <Text size={200} italic className={styles.typing} aria-live="polite" data-testid={`typing-${who}`}>
          {footnote(state)}
        </Text>
        <ConnectionHint user={user} connection={state.connection} />
        {failure && <FailureBar failure={failure} onDismiss={() => setFailure(undefined)} testId={`failure-${who}`} />}
        <Composer
          who={who}
          name={user.displayName}
          disabled={!writable}
          onSend={(text) => attempt(user.send(text))}
          onTyping={() => void user.typing()}
        />
      </div>
    </Card>
  );
}

interface PaneHeaderProps extends Omit<PaneProps, 'dispatch'> {
  readonly attempt: (call: Promise<void>) => Promise<boolean>;
}

function PaneHeader({ who, user, other, state, attempt }: PaneHeaderProps): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.head}>
      <Avatar name={user.displayName} color={who === 'alice' ? 'royal-blue' : 'teal'} aria-hidden />
      <div className={styles.who}>
        <Subtitle2 as="h2">{user.displayName}</Subtitle2>
        <div className={styles.id}>
          <Text size={200} className={styles.idText} title={user.id} data-testid={`user-id-${who}`}>
            {user.id}
          </Text>
          <CopyButton text={user.id} label="Copy user id" />
        </div>
      </div>
      <ConnectionBadge connection={state.connection} testId={`connection-${who}`} />
      <ThreadMenu
        who={who}
        name={user.displayName}
        other={other.displayName}
        otherIsParticipant={state.participants.includes(other.id)}
        topic={state.topic}
        disabled={!canWrite(state)}
        onRename={(topic) => void attempt(user.rename(topic))}
        onAdd={() => void attempt(user.addParticipant(other))}
        onRemove={() => void attempt(user.removeParticipant(other.id))}
      />
    </div>
  );
}

function footnote(state: ChatState): string {
  if (state.deleted) return 'This thread was deleted.';
  if (state.threadId && !canWrite(state)) return 'Removed from the thread; the history so far stays readable.';
  const names = state.typing.map((entry) => nameOf(state, entry.id));
  if (names.length === 0) return '';
  return `${new Intl.ListFormat('en').format(names)} ${names.length === 1 ? 'is' : 'are'} typing…`;
}

/** Takes typing notifications off the screen that were not renewed. */
function useTypingExpiry(state: ChatState, dispatch: Dispatch<ChatAction>): void {
  const oldestMs = state.typing[0]?.sinceMs;
  useEffect(() => {
    if (oldestMs === undefined) return undefined;
    const timer = setTimeout(() => dispatch({ type: 'typingExpired', nowMs: Date.now() }), oldestMs + typingShownMs - Date.now());
    return () => clearTimeout(timer);
  }, [oldestMs, dispatch]);
}
