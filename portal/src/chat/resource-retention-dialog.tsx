import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { useAnswer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import type { ChatApi, RetentionDays } from './chat-api.ts';
import { RetentionEditor } from './retention-editor.tsx';

const useStyles = makeStyles({ content: { display: 'grid', gap: tokens.spacingVerticalM } });

/** How long the messages of a resource are kept, where a thread says nothing else. */
export function ResourceRetentionDialog({ chat, onClose }: { readonly chat: ChatApi; readonly onClose: () => void }): ReactNode {
  const styles = useStyles();
  const [round, setRound] = useState(0);
  const { busy, failure, attempt } = useAttempt();
  const { value: retention, problem } = useAnswer(
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked again after a change
    useCallback((signal: AbortSignal) => chat.retention(signal), [chat, round]),
  );
  const save = async (days: RetentionDays): Promise<void> => {
    await attempt(() => chat.setRetention(days));
    setRound((count) => count + 1);
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Message retention of the resource {chat.resource}</DialogTitle>
          <DialogContent className={styles.content}>
            {retention && <RetentionEditor retention={retention} of="resource" busy={busy} onSave={(days) => void save(days)} />}
            {!retention && (problem === undefined ? <Spinner size="small" label="Loading" /> : <Text>{problem}</Text>)}
            {failure && <FailureBar failure={failure} testId="failure-retention" />}
            <Text size={200}>It holds at once, also for messages that are there already. A thread can have a setting of its own.</Text>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose} data-testid="close-retention">
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
