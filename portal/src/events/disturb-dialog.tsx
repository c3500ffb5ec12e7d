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
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { SelectField, Names } from '../select-field.tsx';
import { useAttempt } from '../use-attempt.ts';
import { ruleOf } from './disturbance.ts';
import type { Disturbance } from './disturbance.ts';
import type { EventsApi, FaultRuleInForce } from './events-api.ts';
import { RulesInForce } from './rules-in-force.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalL, gridTemplateColumns: 'minmax(0, 1fr)' },
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
    alignItems: 'end',
  },
  add: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground3 },
  problem: { color: tokens.colorPaletteRedForeground1 },
});

const kinds = [
  ['duplicate', 'Deliver twice'],
  ['reorder', 'Deliver out of order'],
  ['delay', 'Deliver late'],
  ['status', 'Answer with a failure'],
] as const satisfies readonly (readonly [Disturbance['kind'], string])[];

const first: Disturbance = { kind: 'duplicate', delaySeconds: '5', status: '503', subscription: '', type: '', count: '1' };

interface DisturbDialogProps {
  readonly api: EventsApi;
  readonly rules: readonly FaultRuleInForce[];
  readonly subscriptions: readonly string[];
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Fault rules for deliveries: what at-least-once and unordered mean to an application, on command. */
export function DisturbDialog({ api, rules, subscriptions, onChanged, onClose }: DisturbDialogProps): ReactNode {
  const styles = useStyles();
  const [form, setForm] = useState(first);
  const { busy, failure, attempt, dismiss } = useAttempt();
  const checked = ruleOf(form);
  const change = async (call: () => Promise<unknown>): Promise<void> => {
    await attempt(call);
    onChanged();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (checked.problem === undefined) void change(() => api.disturb(checked.rule));
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface data-testid="disturb-dialog">
        <DialogBody>
          <DialogTitle>Disturb deliveries</DialogTitle>
          <DialogContent className={styles.content}>
            <Text className={styles.quiet}>
              Event Grid delivers at least once and in no order. See here whether your application bears it.
            </Text>
            <form onSubmit={submit} id="disturb" className={styles.form}>
              <DisturbFields form={form} subscriptions={subscriptions} onChange={(part) => setForm({ ...form, ...part })} />
            </form>
            <div className={styles.add}>
              <Button
                type="submit"
                form="disturb"
                appearance="primary"
                disabledFocusable={busy || checked.problem !== undefined}
                data-testid="add-rule"
              >
                Disturb
              </Button>
              {checked.problem !== undefined && <Text className={styles.problem}>{checked.problem}</Text>}
            </div>
            {failure && <FailureBar failure={failure} onDismiss={dismiss} testId="failure-disturb" />}
            <RulesInForce rules={rules} busy={busy} onRemove={(names) => void change(() => removeAll(api, names))} />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

async function removeAll(api: EventsApi, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => api.calm(name)));
}

interface DisturbFieldsProps {
  readonly form: Disturbance;
  readonly subscriptions: readonly string[];
  readonly onChange: (part: Partial<Disturbance>) => void;
}

function DisturbFields({ form, subscriptions, onChange }: DisturbFieldsProps): ReactNode {
  return (
    <>
      <SelectField
        label="What"
        value={form.kind}
        // The values are those of the table.
        onChange={(kind) => onChange({ kind: kind as Disturbance['kind'] })}
        testId="disturb-kind"
      >
        {kinds.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
      {form.kind === 'delay' && (
        <Field label="Seconds late">
          <Input value={form.delaySeconds} onChange={(_, data) => onChange({ delaySeconds: data.value })} data-testid="disturb-delay" />
        </Field>
      )}
      {form.kind === 'status' && (
        <Field label="Status">
          <Input value={form.status} onChange={(_, data) => onChange({ status: data.value })} data-testid="disturb-status" />
        </Field>
      )}
      <SelectField
        label="Subscription"
        value={form.subscription}
        onChange={(subscription) => onChange({ subscription })}
        testId="disturb-subscription"
      >
        <option value="">Any</option>
        <Names names={subscriptions} />
      </SelectField>
      <Field label="Event type">
        <Input placeholder="Any" value={form.type} onChange={(_, data) => onChange({ type: data.value })} data-testid="disturb-type" />
      </Field>
      <Field label="How often">
        <Input
          placeholder="Always"
          value={form.count}
          onChange={(_, data) => onChange({ count: data.value })}
          data-testid="disturb-count"
        />
      </Field>
    </>
  );
}
