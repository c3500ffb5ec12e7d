import { Button, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

const useStyles = makeStyles({
  editor: { display: 'grid', gap: tokens.spacingVerticalXS, minWidth: 'min(280px, 70vw)' },
  buttons: { display: 'flex', justifyContent: 'flex-end', gap: tokens.spacingHorizontalXS },
});

interface MessageEditorProps {
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** Edits a message in its place: Enter saves, Escape leaves it as it was. */
export function MessageEditor({ text, onSave, onCancel }: MessageEditorProps): ReactNode {
  const styles = useStyles();
  const [draft, setDraft] = useState(text);
  const save = (): void => onSave(draft.trim());
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onCancel();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    save();
  };
  return (
    <div className={styles.editor}>
      <Textarea
        aria-label="Edit message"
        autoFocus
        value={draft}
        onChange={(_, data) => setDraft(data.value)}
        onKeyDown={onKeyDown}
        data-testid="message-editor"
      />
      <div className={styles.buttons}>
        <Button size="small" appearance="subtle" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" appearance="primary" onClick={save} disabled={draft.trim() === ''} data-testid="save-message">
          Save
        </Button>
      </div>
    </div>
  );
}
