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
  Select,
  Spinner,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useCallback, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { useAnswer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import { shortType } from './event-words.ts';
import type { EventsApi, ListedEventType } from './events-api.ts';
import { JsonField } from './json-field.tsx';
import { jsonText, mergePatch, parseObject } from './json-text.ts';
import { SourceField } from './source-field.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  // Names of types are long; they must not widen a narrow window.
  type: { gridTemplateColumns: 'minmax(0, 1fr)' },
});

interface TriggerDialogProps {
  readonly api: EventsApi;
  readonly sources: readonly string[];
  readonly onTriggered: (id: string) => void;
  readonly onClose: () => void;
}

/** Lets an event of the catalogue happen, with sample data that can be changed. */
export function TriggerDialog({ api, sources, ...props }: TriggerDialogProps): ReactNode {
  const [source, setSource] = useState('local');
  const { value: types, problem } = useAnswer(useCallback((signal: AbortSignal) => api.types(source, signal), [api, source]));
  const [name, setName] = useState('Microsoft.Communication.ChatMessageReceived');
  const type = types?.find((one) => one.name === name) ?? types?.[0];
  return (
    <Dialog open onOpenChange={props.onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Trigger an event</DialogTitle>
          {type === undefined ? (
            <DialogContent>{problem === undefined ? <Spinner size="small" label="Loading" /> : <Text>{problem}</Text>}</DialogContent>
          ) : (
            <TriggerForm key={`${source} ${type.name}`} api={api} type={type} source={source} {...props}>
              <SourceField sources={sources} value={source} onChange={setSource} />
              <TypeField types={types ?? []} type={type} onChange={setName} />
            </TriggerForm>
          )}
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface TypeFieldProps {
  readonly types: readonly ListedEventType[];
  readonly type: ListedEventType;
  readonly onChange: (name: string) => void;
}

function TypeField({ types, type, onChange }: TypeFieldProps): ReactNode {
  const groups = [...new Set(types.map(({ group }) => group))];
  return (
    <Field label="Type" hint={type.description} className={useStyles().type}>
      <Select value={type.name} onChange={(_, data) => onChange(data.value)} data-testid="trigger-type">
        {groups.map((group) => (
          <optgroup key={group} label={group}>
            {types
              .filter((one) => one.group === group)
              .map(({ name }) => (
                <option key={name} value={name}>
                  {shortType(name)}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
    </Field>
  );
}

interface TriggerFormProps extends Omit<TriggerDialogProps, 'sources'> {
  readonly type: ListedEventType;
  readonly source: string;
  /** What the event is about; stands above its content. */
  readonly children: ReactNode;
}

function TriggerForm({ api, type, source, children, onTriggered, onClose }: TriggerFormProps): ReactNode {
  const styles = useStyles();
  const [sample] = useState(() => jsonText(type.sample.data));
  const [subject, setSubject] = useState('');
  const [text, setText] = useState(sample);
  const { busy, failure, attempt } = useAttempt();
  const parsed = parseObject(text);
  const submit = async (form: FormEvent): Promise<void> => {
    form.preventDefault();
    if (parsed.problem !== undefined) return;
    await attempt(async () => {
      const changed = text === sample ? {} : { data: mergePatch(type.sample.data, parsed.value) };
      const { value } = await api.trigger({ type: type.name, source, ...(subject !== '' && { subject }), ...changed });
      onClose();
      if (value[0] !== undefined) onTriggered(value[0].id);
    });
  };
  return (
    <form onSubmit={(form) => void submit(form)} style={{ display: 'contents' }} data-testid="trigger-dialog">
      <DialogContent className={styles.content}>
        {children}
        <Field label="Subject" hint="Told by the data when left empty.">
          <Input
            value={subject}
            placeholder={type.sample.subject}
            onChange={(_, data) => setSubject(data.value)}
            data-testid="trigger-subject"
          />
        </Field>
        <JsonField
          label="Data"
          text={text}
          problem={parsed.problem}
          hint="As it stands, each event is about new people and things. Once you change it, exactly this is sent."
          onChange={setText}
          testId="trigger-data"
        />
        {failure && <FailureBar failure={failure} testId="failure-trigger" />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" appearance="primary" disabled={busy || parsed.problem !== undefined} data-testid="trigger">
          Trigger
        </Button>
      </DialogActions>
    </form>
  );
}
