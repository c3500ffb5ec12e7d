import { Button, Field, Input, Select, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { RetentionPolicy } from './chat-api.ts';

/** Azure's bounds. */
const fewestDays = 30;
const mostDays = 90;

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  days: { width: '100px' },
  now: { display: 'block', color: tokens.colorNeutralForeground3, paddingBottom: tokens.spacingVerticalS },
});

interface PolicyEditorProps {
  readonly policy: RetentionPolicy | undefined;
  readonly busy: boolean;
  readonly onSave: (policy: RetentionPolicy | null) => void;
}

/** The retention policy of a thread, which its participants see too. */
export function PolicyEditor({ policy, busy, onSave }: PolicyEditorProps): ReactNode {
  const styles = useStyles();
  const [kind, setKind] = useState(policy?.kind ?? '');
  const [text, setText] = useState(String(policy?.deleteThreadAfterDays ?? mostDays));
  const days = Number(text);
  const isValid = kind !== 'threadCreationDate' || (Number.isInteger(days) && days >= fewestDays && days <= mostDays);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (isValid) onSave(kind === '' ? null : kind === 'none' ? { kind } : { kind, deleteThreadAfterDays: days });
  };
  return (
    <form onSubmit={save} data-testid="policy">
      <Text size={200} className={styles.now} data-testid="policy-now">
        {describePolicy(policy)}
      </Text>
      <div className={styles.form}>
        <Field label="Policy of the thread" size="small">
          <Select size="small" value={kind} onChange={(_, data) => setKind(data.value)} data-testid="policy-kind">
            <option value="">No policy</option>
            <option value="threadCreationDate">Delete the thread some days after its creation</option>
            <option value="none">Keep thread and messages without end</option>
          </Select>
        </Field>
        {kind === 'threadCreationDate' && (
          <Field
            label={`Days (${fewestDays} to ${mostDays})`}
            size="small"
            className={styles.days}
            {...(!isValid && { validationState: 'error' })}
          >
            <Input
              size="small"
              type="number"
              min={fewestDays}
              max={mostDays}
              value={text}
              onChange={(_, data) => setText(data.value)}
              data-testid="policy-days"
            />
          </Field>
        )}
        <Button type="submit" size="small" appearance="primary" disabled={busy || !isValid} data-testid="save-policy">
          Save
        </Button>
      </div>
    </form>
  );
}

function describePolicy(policy: RetentionPolicy | undefined): string {
  if (policy === undefined) return 'The thread stays until somebody deletes it.';
  if (policy.kind === 'none') return 'Thread and messages are kept without end.';
  return `The thread is deleted ${policy.deleteThreadAfterDays ?? ''} days after its creation; until then its messages are kept.`;
}
