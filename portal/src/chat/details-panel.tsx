import { Link, Subtitle2, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { FailureBar } from '../failure-bar.tsx';
import { addressOf, linkTo, pages } from '../router.ts';
import { useAttempt } from '../use-attempt.ts';
import type { ChatApi, Thread } from './chat-api.ts';
import { formatTime, nameOf } from './names.ts';
import { PolicyEditor } from './policy-editor.tsx';
import { RetentionEditor } from './retention-editor.tsx';

const useStyles = makeStyles({
  panel: {
    display: 'grid',
    gap: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalM,
    overflowY: 'auto',
    minHeight: 0,
    alignContent: 'start',
    gridTemplateColumns: 'minmax(0, 1fr)',
  },
  section: { display: 'grid', gap: tokens.spacingVerticalS },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'fit-content(40%) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

interface DetailsPanelProps {
  readonly chat: ChatApi;
  readonly thread: Thread;
  readonly onDone: () => void;
}

/** What a thread is, how long it and its messages are kept, and its metadata. */
export function DetailsPanel({ chat, thread, onDone }: DetailsPanelProps): ReactNode {
  const styles = useStyles();
  const { failure, attempt, dismiss, busy } = useAttempt();
  const { id, retentionPolicy, deletedOn, metadata = {} } = thread;
  const update = async (change: Parameters<ChatApi['update']>[1]): Promise<void> => {
    await attempt(() => chat.update(id, change));
    onDone();
  };
  const facts = [
    [
      'Id',
      <span key="id">
        {id} <CopyButton text={id} label="Copy the id of the thread" />
      </span>,
    ],
    ['Created', `${formatTime(thread.createdOn)} by ${nameOf(thread.participants, thread.createdBy)}`],
    ['Last message', thread.lastMessageOn === undefined ? 'none' : formatTime(thread.lastMessageOn)],
    [
      'Requests',
      <Link key="requests" {...linkTo(addressOf(pages.requests, { path: id }))}>
        Show the requests of this thread
      </Link>,
    ],
  ] as const;
  return (
    <div className={styles.panel} data-testid="details">
      {failure && <FailureBar failure={failure} onDismiss={dismiss} testId="failure-details" />}
      <Facts facts={facts} />
      {deletedOn === undefined && (
        <>
          <section className={styles.section}>
            <Subtitle2 as="h3">How long messages are kept</Subtitle2>
            <RetentionEditor
              key={`${thread.messageRetentionDays} ${thread.messageRetentionSetBy}`}
              retention={thread}
              of="thread"
              busy={busy}
              onSave={(messageRetentionDays) => void update({ messageRetentionDays })}
            />
          </section>
          <section className={styles.section}>
            <Subtitle2 as="h3">How long the thread is kept</Subtitle2>
            <PolicyEditor
              key={`${retentionPolicy?.kind} ${retentionPolicy?.deleteThreadAfterDays}`}
              policy={retentionPolicy}
              busy={busy}
              onSave={(policy) => void update({ retentionPolicy: policy })}
            />
          </section>
        </>
      )}
      <section className={styles.section}>
        <Subtitle2 as="h3">Metadata</Subtitle2>
        {Object.keys(metadata).length === 0 ? <span className={styles.term}>None</span> : <Facts facts={Object.entries(metadata)} />}
      </section>
    </div>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }): ReactNode {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>
      {facts.map(([term, value]) => (
        <Fact key={term} term={term} value={value} />
      ))}
    </dl>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  );
}
