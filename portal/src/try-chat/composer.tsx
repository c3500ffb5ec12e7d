import { Button, Textarea, Tooltip, makeStyles, tokens } from '@fluentui/react-components';
import { SendFilled } from '@fluentui/react-icons';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Who } from './event-log.ts';

const useStyles = makeStyles({
  composer: { display: 'flex', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  box: { flexGrow: 1, minWidth: 0 },
});

interface ComposerProps {
  readonly who: Who;
  readonly name: string;
  readonly disabled: boolean;
  /** Resolves to false when the message was not taken; the text then comes back. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onTyping: () => void;
}

/** Where a user writes: Enter sends, Shift+Enter starts a new line. */
export function Composer({ who, name, disabled, onSend, onTyping }: ComposerProps): ReactNode {
  const styles = useStyles();
  const [draft, setDraft] = useState('');
  const empty = draft.trim() === '';
  const send = async (): Promise<void> => {
    if (empty || disabled) return;
    setDraft('');
    if (!(await onSend(draft))) setDraft((newer) => newer || draft);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const onChange = (text: string): void => {
    setDraft(text);
    if (text.trim() !== '') onTyping();
  };
  return (
    <div className={styles.composer}>
      <Textarea
        className={styles.box}
        textarea={{ rows: 1 }}
        aria-label={`Message from ${name}`}
        placeholder={disabled ? 'Sending is not possible' : `Write as ${name}`}
        disabled={disabled}
        value={draft}
        onChange={(_, data) => onChange(data.value)}
        onKeyDown={onKeyDown}
        data-testid={`composer-${who}`}
      />
      <Tooltip content={`Send as ${name}`} relationship="label">
        <Button
          appearance="primary"
          icon={<SendFilled />}
          disabled={disabled || empty}
          onClick={() => void send()}
          data-testid={`send-${who}`}
        />
      </Tooltip>
    </div>
  );
}
