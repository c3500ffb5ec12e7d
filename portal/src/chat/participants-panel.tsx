import { Badge, Button, Field, Input, Text, Tooltip, makeStyles, tokens } from '@fluentui/react-components';
import { PersonDeleteRegular } from '@fluentui/react-icons';
import { memo, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { FailureBar } from '../failure-bar.tsx';
import { useAttempt } from '../use-attempt.ts';
import type { ChatApi, Participant, Receipt, Thread } from './chat-api.ts';
import { formatTime, nameOf } from './names.ts';

/** From so many on the list can be searched. */
const manyParticipants = 10;

const useStyles = makeStyles({
  panel: {
    display: 'grid',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalM,
    overflowY: 'auto',
    minHeight: 0,
    alignContent: 'start',
    gridTemplateColumns: 'minmax(0, 1fr)',
  },
  add: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  id: { flex: '2 1 200px' },
  name: { flex: '1 1 120px' },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto auto',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  who: { display: 'grid', minWidth: 0 },
  line: { display: 'flex', alignItems: 'center', minWidth: 0, color: tokens.colorNeutralForeground3 },
  rawId: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontFamily: tokens.fontFamilyMonospace },
  displayName: { overflow: 'hidden', textOverflow: 'ellipsis' },
  quiet: { color: tokens.colorNeutralForeground3 },
  presence: { padding: `0 ${tokens.spacingHorizontalS}` },
});

interface ParticipantsPanelProps {
  readonly chat: ChatApi;
  readonly thread: Thread;
  readonly onDone: () => void;
}

/** Who takes part, who is connected, how far they have read; adds and removes. */
export function ParticipantsPanel({ chat, thread, onDone }: ParticipantsPanelProps): ReactNode {
  const styles = useStyles();
  const [search, setSearch] = useState('');
  const { failure, attempt, dismiss, busy } = useAttempt();
  const { id: threadId, participants, deletedOn } = thread;
  const sought = search.trim().toLowerCase();
  const shown = participants.filter(({ id, displayName = '' }) => `${displayName} ${id}`.toLowerCase().includes(sought));
  const receipts = new Map(thread.receipts.map((receipt) => [receipt.userId, receipt]));
  const run = async (call: () => Promise<unknown>): Promise<boolean> => {
    const went = await attempt(call);
    onDone();
    return went;
  };
  return (
    <div className={styles.panel} data-testid="participants">
      {failure && <FailureBar failure={failure} onDismiss={dismiss} testId="failure-participants" />}
      {deletedOn === undefined && <AddParticipant chat={chat} threadId={threadId} busy={busy} run={run} />}
      {participants.length >= manyParticipants && (
        <Field label={`Search ${participants.length} participants`} size="small">
          <Input
            size="small"
            type="search"
            value={search}
            onChange={(_, data) => setSearch(data.value)}
            data-testid="search-participants"
          />
        </Field>
      )}
      <ul className={styles.list} aria-label="Participants">
        {shown.map((participant) => (
          <ParticipantRow
            key={participant.id}
            participant={participant}
            receipt={receipts.get(participant.id)}
            onRemove={deletedOn === undefined ? () => void run(() => chat.removeParticipant(threadId, participant.id)) : undefined}
          />
        ))}
      </ul>
      {shown.length === 0 && (
        <Text className={styles.quiet}>{participants.length === 0 ? 'Nobody takes part.' : 'Nobody of that name.'}</Text>
      )}
    </div>
  );
}

interface AddParticipantProps {
  readonly chat: ChatApi;
  readonly threadId: string;
  readonly busy: boolean;
  readonly run: (call: () => Promise<unknown>) => Promise<boolean>;
}

function AddParticipant({ chat, threadId, busy, run }: AddParticipantProps): ReactNode {
  const styles = useStyles();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const displayName = name.trim();
    const added = await run(async () => {
      const userId = id.trim() === '' ? await chat.createUser() : id.trim();
      await chat.addParticipant(threadId, { id: userId, ...(displayName === '' ? {} : { displayName }) });
    });
    if (!added) return;
    setId('');
    setName('');
  };
  return (
    <form className={styles.add} onSubmit={(event) => void add(event)}>
      <Field label="Raw id (empty: a new user)" size="small" className={styles.id}>
        <Input size="small" value={id} onChange={(_, data) => setId(data.value)} data-testid="new-participant-id" />
      </Field>
      <Field label="Display name" size="small" className={styles.name}>
        <Input size="small" value={name} onChange={(_, data) => setName(data.value)} data-testid="new-participant-name" />
      </Field>
      <Button type="submit" size="small" disabled={busy} data-testid="add-participant">
        Add
      </Button>
    </form>
  );
}

interface ParticipantRowProps {
  readonly participant: Participant;
  readonly receipt: Receipt | undefined;
  readonly onRemove: (() => void) | undefined;
}

const ParticipantRow = memo(function ParticipantRow({ participant, receipt, onRemove }: ParticipantRowProps): ReactNode {
  const styles = useStyles();
  const { id, connected, lastSeen, metadata = {}, shareHistoryTime } = participant;
  const name = nameOf([participant], id);
  const facts = [
    receipt === undefined ? undefined : `Read up to ${formatTime(new Date(Number(receipt.chatMessageId)).toISOString())}`,
    shareHistoryTime === undefined || Date.parse(shareHistoryTime) <= 0 ? undefined : `sees messages since ${formatTime(shareHistoryTime)}`,
    ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`),
  ].filter((fact) => fact !== undefined);
  return (
    <li className={styles.item} data-testid="participant" data-user-id={id}>
      <div className={styles.who}>
        <Text weight="semibold" className={styles.displayName}>
          {name}
        </Text>
        <div className={styles.line}>
          <Text size={200} className={styles.rawId} title={id}>
            {id}
          </Text>
          <CopyButton text={id} label={`Copy the id of ${name}`} />
        </div>
        {facts.length > 0 && (
          <Text size={200} className={styles.quiet}>
            {facts.join(' · ')}
          </Text>
        )}
      </div>
      <Badge
        appearance="tint"
        color={connected ? 'success' : 'subtle'}
        className={styles.presence}
        title={lastSeen === undefined ? 'Not seen since the server started' : `Last seen ${formatTime(lastSeen)}`}
        data-testid="presence"
      >
        {connected
          ? 'Connected'
          : lastSeen === undefined
            ? 'Not connected'
            : `Seen ${new Date(lastSeen).toLocaleTimeString([], { hour12: false })}`}
      </Badge>
      {onRemove && (
        <Tooltip content={`Remove ${name}`} relationship="label">
          <Button size="small" appearance="subtle" icon={<PersonDeleteRegular />} onClick={onRemove} data-testid="remove-participant" />
        </Tooltip>
      )}
    </li>
  );
});
