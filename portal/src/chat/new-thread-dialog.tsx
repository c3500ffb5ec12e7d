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
  Textarea,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { useAttempt } from '../use-attempt.ts';
import type { ChatApi } from './chat-api.ts';

const newUsers = 2;

const useStyles = makeStyles({ content: { display: 'grid', gap: tokens.spacingVerticalM } });

interface NewThreadDialogProps {
  readonly chat: ChatApi;
  readonly onCreated: (threadId: string) => void;
  readonly onClose: () => void;
}

/** Creates a thread of users that are there, or of new ones. */
export function NewThreadDialog({ chat, onCreated, onClose }: NewThreadDialogProps): ReactNode {
  const styles = useStyles();
  const [topic, setTopic] = useState('');
  const [ids, setIds] = useState('');
  const { busy, failure, attempt } = useAttempt();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await attempt(async () => {
      const given = ids.split(/\s+/).filter((id) => id !== '');
      const users = given.length > 0 ? given : await Promise.all(Array.from({ length: newUsers }, () => chat.createUser()));
      const [as = '', ...participants] = users;
      onCreated(await chat.createThread({ as, topic: topic.trim(), participants }));
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={(event) => void submit(event)}>
          <DialogBody>
            <DialogTitle>New thread</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Topic" required>
                <Input autoFocus value={topic} onChange={(_, data) => setTopic(data.value)} data-testid="new-topic" />
              </Field>
              <Field label="Participants" hint="Raw ids, one a line; the first creates the thread. Leave it empty for two new users.">
                <Textarea value={ids} onChange={(_, data) => setIds(data.value)} data-testid="new-participants" />
              </Field>
              {failure && <FailureBar failure={failure} testId="failure-new-thread" />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" appearance="primary" disabled={busy || topic.trim() === ''} data-testid="create-thread">
                Create
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
