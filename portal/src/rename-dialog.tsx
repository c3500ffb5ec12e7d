import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';

interface RenameDialogProps {
  readonly topic: string;
  readonly onRename: (topic: string) => void;
  readonly onClose: () => void;
}

/** Asks for the thread's new topic. */
export function RenameDialog({ topic, onRename, onClose }: RenameDialogProps): ReactNode {
  const [draft, setDraft] = useState(topic);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onClose();
    if (draft.trim() !== topic) onRename(draft.trim());
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>Rename thread</DialogTitle>
            <DialogContent>
              <Field label="Topic">
                <Input autoFocus value={draft} onChange={(_, data) => setDraft(data.value)} data-testid="topic" />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" appearance="primary" disabled={draft.trim() === ''} data-testid="save-topic">
                Rename
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
