import { Button, Field, Input, Select, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Retention, RetentionDays } from './chat-api.ts';

const longestDays = 36_500;

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  days: { width: '100px' },
  now: { display: 'block', color: tokens.colorNeutralForeground3, paddingBottom: tokens.spacingVerticalS },
});

interface RetentionEditorProps {
  readonly retention: Retention;
  /** `thread` or `resource`: whose setting is edited. */
  readonly of: 'thread' | 'resource';
  readonly busy: boolean;
  readonly onSave: (days: RetentionDays) => void;
}

type Choice = 'default' | 'days' | 'never';

/** How long messages are kept: what counts now, and the setting of a thread or a resource. */
export function RetentionEditor({ retention, of, busy, onSave }: RetentionEditorProps): ReactNode {
  const styles = useStyles();
  const { messageRetentionDays: daysNow, messageRetentionSetBy: setBy } = retention;
  const saved: Choice = setBy !== of ? 'default' : daysNow === null ? 'never' : 'days';
  const [choice, setChoice] = useState<Choice>(saved);
  const [text, setText] = useState(String(daysNow ?? 30));
  const days = Number(text);
  const isValid = choice !== 'days' || (Number.isInteger(days) && days >= 1 && days <= longestDays);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (isValid) onSave(choice === 'default' ? 'default' : choice === 'never' ? null : days);
  };
  return (
    <form onSubmit={save} data-testid={`retention-${of}`}>
      <Text size={200} className={styles.now} data-testid={`retention-now-${of}`}>
        {daysNow === null
          ? 'Messages are kept without end'
          : `Messages are removed for good after ${daysNow} ${daysNow === 1 ? 'day' : 'days'}`}
        {`, set by ${setters[setBy]}.`}
      </Text>
      <div className={styles.form}>
        <Field label="Keep messages" size="small">
          <Select
            size="small"
            value={choice}
            onChange={(_, data) => setChoice(choiceOf(data.value))}
            data-testid={`retention-choice-${of}`}
          >
            <option value="default">{of === 'thread' ? 'As the policy or the resource says' : 'As the limits say'}</option>
            <option value="days">For a number of days</option>
            <option value="never">Without end</option>
          </Select>
        </Field>
        {choice === 'days' && (
          <Field label="Days" size="small" className={styles.days} {...(!isValid && { validationState: 'error' })}>
            <Input
              size="small"
              type="number"
              min={1}
              max={longestDays}
              value={text}
              onChange={(_, data) => setText(data.value)}
              data-testid={`retention-days-${of}`}
            />
          </Field>
        )}
        <Button type="submit" size="small" appearance="primary" disabled={busy || !isValid} data-testid={`save-retention-${of}`}>
          Save
        </Button>
      </div>
    </form>
  );
}

const setters = {
  thread: 'this thread',
  policy: 'the policy of this thread',
  resource: 'the resource',
  limits: 'the limits',
} as const;

function choiceOf(value: string): Choice {
  return value === 'days' || value === 'never' ? value : 'default';
}
