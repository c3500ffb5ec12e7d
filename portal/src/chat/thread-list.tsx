import { Button, Link, Spinner, Text, makeStyles, mergeClasses, tokens, useArrowNavigationGroup } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { linkTo } from '../router.ts';
import type { ThreadItem } from './chat-api.ts';
import { formatTime } from './names.ts';
import type { ThreadsView } from './use-threads.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', overflowY: 'auto', minHeight: 0, flexGrow: 1 },
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  row: {
    display: 'grid',
    gap: '2px',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    color: tokens.colorNeutralForeground1,
    ':hover': { color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorNeutralBackground1Hover, textDecorationLine: 'none' },
    ':hover:active': { color: tokens.colorNeutralForeground1, textDecorationLine: 'none' },
    ':focus': { textDecorationLine: 'none' },
  },
  selected: { backgroundColor: tokens.colorNeutralBackground1Selected, boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}` },
  topic: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground3 },
  foot: { display: 'grid', justifyItems: 'center', gap: tokens.spacingVerticalS, padding: tokens.spacingVerticalM },
  empty: { margin: 'auto', padding: tokens.spacingHorizontalXXL, textAlign: 'center', color: tokens.colorNeutralForeground3 },
});

interface ThreadListProps {
  readonly view: ThreadsView;
  readonly selected: string | undefined;
  readonly addressOf: (threadId: string) => string;
  /** Why the list may be empty. */
  readonly nothing: string;
  readonly isSearch: boolean;
}

/** Threads, newest first, each a link. Arrow keys move between them. */
export function ThreadList({ view, selected, addressOf, nothing, isSearch }: ThreadListProps): ReactNode {
  const styles = useStyles();
  const arrows = useArrowNavigationGroup({ axis: 'vertical', memorizeCurrent: true });
  const { threads, problem, hasMore, loaded } = view;
  if (threads === undefined) {
    return <div className={styles.empty}>{problem === undefined ? <Spinner size="small" label="Loading" /> : <Text>{problem}</Text>}</div>;
  }
  return (
    <>
      {threads.length === 0 ? (
        <Text className={styles.empty} data-testid="no-threads">
          {nothing}
        </Text>
      ) : (
        <ul className={styles.list} aria-label="Threads, newest first" data-testid="thread-list" {...arrows}>
          {threads.map((thread) => (
            <ThreadRow key={thread.id} thread={thread} selected={thread.id === selected} address={addressOf(thread.id)} />
          ))}
        </ul>
      )}
      {hasMore && (
        <div className={styles.foot}>
          {isSearch && <Text size={200}>Looked at the newest {loaded} threads.</Text>}
          <Button size="small" onClick={() => view.loadMore()} data-testid="more-threads">
            {isSearch ? 'Look further' : 'Show more'}
          </Button>
        </div>
      )}
    </>
  );
}

interface ThreadRowProps {
  readonly thread: ThreadItem;
  readonly selected: boolean;
  readonly address: string;
}

function ThreadRow({ thread, selected, address }: ThreadRowProps): ReactNode {
  const styles = useStyles();
  const { topic, participantCount, lastMessageOn, createdOn, purgeOn } = thread;
  const people = `${participantCount} ${participantCount === 1 ? 'participant' : 'participants'}`;
  const when = purgeOn === undefined ? formatTime(lastMessageOn ?? createdOn) : `purged ${formatTime(purgeOn)}`;
  return (
    <li className={styles.item}>
      <Link
        {...linkTo(address)}
        className={mergeClasses(styles.row, selected && styles.selected)}
        {...(selected && { 'aria-current': 'true' })}
        data-testid="thread"
        data-thread-id={thread.id}
      >
        <Text weight="semibold" className={styles.topic} title={topic}>
          {topic === '' ? 'No topic' : topic}
        </Text>
        <Text size={200} className={styles.quiet}>
          {people} · {when}
        </Text>
      </Link>
    </li>
  );
}
