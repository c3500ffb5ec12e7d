import { Button, Checkbox, Label, Select, Textarea, Tooltip, makeStyles, tokens } from '@fluentui/react-components';
import { EyeRegular, SendFilled } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { useAttempt } from '../use-attempt.ts';
import type { Attempts } from '../use-attempt.ts';
import type { ChatApi, Participant, Thread } from './chat-api.ts';
import { nameOf } from './names.ts';

/** The others see a typing notification for some seconds. */
const typingMs = 4_000;

const useStyles = makeStyles({
  box: {
    display: 'grid',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  who: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  as: { flex: '1 1 180px', maxWidth: '320px' },
  write: { display: 'flex', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  text: { flexGrow: 1, minWidth: 0 },
});

interface SendBoxProps {
  readonly chat: ChatApi;
  readonly thread: Thread;
  /** Id of the newest message. */
  readonly newestId: string | undefined;
  readonly onDone: () => void;
}

/** Writes, types and reads as any participant. */
export function SendBox(props: SendBoxProps): ReactNode {
  const styles = useStyles();
  const { participants } = props.thread;
  const [chosen, setChosen] = useState('');
  const [isHtml, setHtml] = useState(false);
  const attempts = useAttempt();
  const sender =
    [chosen, props.thread.createdBy].map((wanted) => participants.find(({ id }) => id === wanted)).find(Boolean) ?? participants[0];
  if (sender === undefined) return null;
  const { chat, thread, newestId, onDone } = props;
  const read = async (): Promise<void> => {
    if (newestId !== undefined && (await attempts.attempt(() => chat.read(thread.id, sender.id, newestId)))) onDone();
  };
  return (
    <div className={styles.box}>
      {attempts.failure && <FailureBar failure={attempts.failure} onDismiss={attempts.dismiss} testId="failure-send" />}
      <div className={styles.who}>
        <Label size="small" htmlFor="send-as">
          As
        </Label>
        <Select
          id="send-as"
          size="small"
          className={styles.as}
          value={sender.id}
          onChange={(_, data) => setChosen(data.value)}
          data-testid="send-as"
        >
          {participants.map(({ id }) => (
            <option key={id} value={id}>
              {nameOf(participants, id)}
            </option>
          ))}
        </Select>
        <Checkbox label="html" checked={isHtml} onChange={(_, data) => setHtml(data.checked === true)} data-testid="send-html" />
        <Button size="small" icon={<EyeRegular />} disabled={newestId === undefined} onClick={() => void read()} data-testid="mark-read">
          Mark as read
        </Button>
      </div>
      <WriteLine {...props} sender={sender} isHtml={isHtml} attempt={attempts.attempt} />
    </div>
  );
}

interface WriteLineProps extends SendBoxProps {
  readonly sender: Participant;
  readonly isHtml: boolean;
  readonly attempt: Attempts['attempt'];
}

/** Enter sends, Shift+Enter starts a new line; while somebody writes the others are told. */
function WriteLine({ chat, thread, sender, isHtml, attempt, onDone }: WriteLineProps): ReactNode {
  const styles = useStyles();
  const [draft, setDraft] = useState('');
  const typedMs = useRef(0);
  const { id: as, displayName: senderDisplayName = '' } = sender;
  const name = nameOf([sender], as);
  const write = (text: string): void => {
    setDraft(text);
    if (text.trim() === '' || Date.now() - typedMs.current < typingMs) return;
    typedMs.current = Date.now();
    // The notification is a courtesy: what is wrong shows when the message is sent.
    void chat.type(thread.id, as, senderDisplayName).catch(() => undefined);
  };
  const send = async (): Promise<void> => {
    if (draft.trim() === '') return;
    const message = { as, content: draft, type: isHtml ? 'html' : 'text', senderDisplayName } as const;
    setDraft('');
    typedMs.current = 0;
    if (await attempt(() => chat.send(thread.id, message))) onDone();
    else setDraft((newer) => newer || draft);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className={styles.write}>
      <Textarea
        className={styles.text}
        textarea={{ rows: 1 }}
        aria-label={`Message as ${name}`}
        placeholder={`Write as ${name}`}
        value={draft}
        onChange={(_, data) => write(data.value)}
        onKeyDown={onKeyDown}
        data-testid="message-text"
      />
      <Tooltip content="Send (Enter)" relationship="label">
        <Button
          appearance="primary"
          icon={<SendFilled />}
          disabled={draft.trim() === ''}
          onClick={() => void send()}
          data-testid="send-message"
        />
      </Tooltip>
    </div>
  );
}
