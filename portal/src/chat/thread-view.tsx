import {
  Button,
  Card,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Subtitle2,
  Tab,
  TabList,
  Text,
  Tooltip,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { ArrowLeftRegular, DeleteRegular, RenameRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { FailureBar } from '../failure-bar.tsx';
import { RenameDialog } from '../rename-dialog.tsx';
import { linkTo } from '../router.ts';
import { useAttempt } from '../use-attempt.ts';
import type { Attempts } from '../use-attempt.ts';
import type { ChatApi, Thread } from './chat-api.ts';
import { DetailsPanel } from './details-panel.tsx';
import { MessagesPanel } from './messages-panel.tsx';
import { formatTime } from './names.ts';
import { ParticipantsPanel } from './participants-panel.tsx';
import { SendBox } from './send-box.tsx';
import { useThread } from './use-thread.ts';
import type { ThreadState } from './use-thread.ts';

const useStyles = makeStyles({
  card: { padding: 0, gap: 0, minHeight: 0, minWidth: 0, height: '100%', boxSizing: 'border-box' },
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    flexShrink: 0,
  },
  topic: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  bars: { display: 'grid', gap: tokens.spacingVerticalS, padding: `0 ${tokens.spacingHorizontalM}`, flexShrink: 0 },
  tabs: { flexShrink: 0, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  empty: { margin: 'auto', padding: tokens.spacingHorizontalXXL, color: tokens.colorNeutralForeground3 },
});

const tabs = ['messages', 'participants', 'details'] as const;
type ThreadTab = (typeof tabs)[number];

interface ThreadViewProps {
  readonly api: AdminApi;
  readonly chat: ChatApi;
  readonly threadId: string;
  /** Address of the list without this thread. */
  readonly listAddress: string;
  /** Called after a change that the list of threads shows too. */
  readonly onChanged: () => void;
}

/** One thread: its messages, participants and settings. */
export function ThreadView({ api, chat, threadId, listAddress, onChanged }: ThreadViewProps): ReactNode {
  const styles = useStyles();
  const state = useThread(api, chat, threadId);
  const attempts = useAttempt();
  const [tab, setTab] = useState<ThreadTab>('messages');
  const { thread, problem } = state;
  const onDone = (): void => {
    state.refresh();
    onChanged();
  };
  return (
    <Card className={styles.card} role="region" aria-label="Thread" data-testid="thread-view">
      <div className={styles.head}>
        <Button
          as="a"
          size="small"
          appearance="subtle"
          icon={<ArrowLeftRegular />}
          aria-label="Back to the list"
          {...linkTo(listAddress)}
        />
        <Subtitle2 as="h2" className={styles.topic} data-testid="topic-shown">
          {thread?.topic ?? 'Thread'}
        </Subtitle2>
        {thread && thread.deletedOn === undefined && <ThreadButtons chat={chat} thread={thread} attempts={attempts} onDone={onDone} />}
      </div>
      {thread && <Bars chat={chat} thread={thread} problem={problem} attempts={attempts} onDone={onDone} />}
      {!thread && (
        <div className={styles.empty}>
          {problem === undefined ? <Spinner size="small" label="Loading" /> : <Text data-testid="thread-problem">{problem}</Text>}
        </div>
      )}
      {thread && (
        <>
          <TabList
            className={styles.tabs}
            selectedValue={tab}
            onTabSelect={(_, data) => setTab(tabs.find((name) => name === data.value) ?? 'messages')}
          >
            <Tab value="messages">Messages</Tab>
            <Tab value="participants" data-testid="tab-participants">
              Participants ({thread.participants.length})
            </Tab>
            <Tab value="details" data-testid="tab-details">
              Settings
            </Tab>
          </TabList>
          <ThreadBody key={threadId} tab={tab} chat={chat} thread={thread} state={state} onDone={onDone} />
        </>
      )}
    </Card>
  );
}

interface ThreadBodyProps {
  readonly tab: ThreadTab;
  readonly chat: ChatApi;
  readonly thread: Thread;
  readonly state: ThreadState;
  readonly onDone: () => void;
}

function ThreadBody({ tab, chat, thread, state, onDone }: ThreadBodyProps): ReactNode {
  if (tab === 'participants') return <ParticipantsPanel chat={chat} thread={thread} onDone={onDone} />;
  if (tab === 'details') return <DetailsPanel chat={chat} thread={thread} onDone={onDone} />;
  return (
    <>
      <MessagesPanel thread={thread} window={state.window} loadOlder={state.loadOlder} />
      {thread.deletedOn === undefined && (
        <SendBox chat={chat} thread={thread} newestId={state.window?.messages.at(-1)?.id} onDone={onDone} />
      )}
    </>
  );
}

interface ThreadActionsProps {
  readonly chat: ChatApi;
  readonly thread: Thread;
  readonly attempts: Attempts;
  readonly onDone: () => void;
}

function ThreadButtons({ chat, thread, attempts, onDone }: ThreadActionsProps): ReactNode {
  const [dialog, setDialog] = useState<'rename' | 'delete'>();
  const close = (): void => setDialog(undefined);
  const run = async (call: () => Promise<unknown>): Promise<void> => {
    await attempts.attempt(call);
    onDone();
  };
  return (
    <>
      <Tooltip content="Rename" relationship="label">
        <Button size="small" appearance="subtle" icon={<RenameRegular />} onClick={() => setDialog('rename')} data-testid="rename-thread" />
      </Tooltip>
      <Tooltip content="Delete" relationship="label">
        <Button size="small" appearance="subtle" icon={<DeleteRegular />} onClick={() => setDialog('delete')} data-testid="delete-thread" />
      </Tooltip>
      {dialog === 'rename' && (
        <RenameDialog topic={thread.topic} onRename={(topic) => void run(() => chat.update(thread.id, { topic }))} onClose={close} />
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title="Delete this thread?"
          text="It is gone for all participants at once. Its rows stay visible here for another 30 days and are then removed for good."
          action="Delete"
          onConfirm={() => void run(() => chat.delete(thread.id))}
          onClose={close}
        />
      )}
    </>
  );
}

function Bars({ problem, ...actions }: ThreadActionsProps & { readonly problem: string | undefined }): ReactNode {
  const styles = useStyles();
  const { thread, attempts } = actions;
  return (
    <div className={styles.bars}>
      {problem !== undefined && <Text size={200}>Not up to date: {problem}</Text>}
      {attempts.failure && <FailureBar failure={attempts.failure} onDismiss={attempts.dismiss} testId="failure-thread" />}
      {thread.deletedOn !== undefined && <DeletedBar {...actions} />}
    </div>
  );
}

function DeletedBar({ chat, thread, attempts, onDone }: ThreadActionsProps): ReactNode {
  const [asking, setAsking] = useState(false);
  const { deletedOn, purgeOn, deletedReason } = thread;
  const purge = async (): Promise<void> => {
    await attempts.attempt(() => chat.purge(thread.id));
    onDone();
  };
  return (
    <MessageBar intent="info" layout="multiline" data-testid="deleted-bar">
      <MessageBarBody>
        <MessageBarTitle>Deleted {deletedOn === undefined ? '' : formatTime(deletedOn)}</MessageBarTitle>{' '}
        {deletedReason === 'deletedByPolicy' ? 'by its retention policy.' : 'by a user.'}
        {purgeOn !== undefined && ` Everything of it is removed for good ${formatTime(purgeOn)}.`}
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" disabled={attempts.busy} onClick={() => setAsking(true)} data-testid="purge">
          Purge now
        </Button>
      </MessageBarActions>
      {asking && (
        <ConfirmDialog
          title="Remove this thread for good?"
          text="Its messages cannot be brought back."
          action="Purge now"
          onConfirm={() => void purge()}
          onClose={() => setAsking(false)}
        />
      )}
    </MessageBar>
  );
}
