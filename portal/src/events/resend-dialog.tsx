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
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { Names, SelectField } from '../select-field.tsx';
import { useAttempt } from '../use-attempt.ts';
import { shortType } from './event-words.ts';
import type { EventsApi, LoggedEvent } from './events-api.ts';
import { JsonField } from './json-field.tsx';
import { jsonText, parseJson } from './json-text.ts';

const useStyles = makeStyles({ content: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' } });

interface ResendDialogProps {
  readonly api: EventsApi;
  readonly logged: LoggedEvent;
  readonly subscriptions: readonly string[];
  readonly onSent: (id: string) => void;
  readonly onClose: () => void;
}

/** Sends an event anew, with another subject or other data. */
export function ResendDialog({ api, logged, subscriptions, onSent, onClose }: ResendDialogProps): ReactNode {
  const styles = useStyles();
  const { key, event } = logged;
  const [subject, setSubject] = useState(event.subject);
  const [text, setText] = useState(() => jsonText(event.data));
  const [to, setTo] = useState('');
  const { busy, failure, attempt } = useAttempt();
  const parsed = parseJson(text);
  const submit = async (form: FormEvent): Promise<void> => {
    form.preventDefault();
    if (parsed.problem !== undefined) return;
    await attempt(async () => {
      const sent = await api.replay(key, { subject, data: parsed.value, ...(to !== '' && { subscription: to }) });
      onClose();
      onSent(sent.event.id);
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={(form) => void submit(form)} data-testid="resend-dialog">
          <DialogBody>
            <DialogTitle>Edit and resend {shortType(event.eventType)}</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Subject">
                <Input value={subject} onChange={(_, data) => setSubject(data.value)} data-testid="resend-subject" />
              </Field>
              <JsonField label="Data" text={text} problem={parsed.problem} onChange={setText} testId="resend-data" />
              <SelectField
                label="To"
                hint="It is a new event, with an id and a time of its own."
                value={to}
                onChange={setTo}
                testId="resend-to"
              >
                <option value="">All subscriptions that want it</option>
                <Names names={subscriptions} />
              </SelectField>
              {failure && <FailureBar failure={failure} testId="failure-resend" />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" appearance="primary" disabled={busy || parsed.problem !== undefined} data-testid="resend">
                Resend
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
