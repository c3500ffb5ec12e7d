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
  Spinner,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useCallback, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { SelectField } from '../select-field.tsx';
import { useAnswer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import { shortType } from './event-words.ts';
import type { EventsApi, ListedEventType } from './events-api.ts';
import { JsonField } from './json-field.tsx';
import { jsonText, mergePatch, parseObject } from './json-text.ts';
import { PublishForm } from './publish-form.tsx';
import { SourceField } from './source-field.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
});

interface TriggerDialogProps {
  readonly api: EventsApi;
  readonly resources: readonly string[];
  /** Names of custom topics. */
  readonly topics: readonly string[];
  readonly onTriggered: (id: string) => void;
  readonly onClose: () => void;
}

/** Lets an event happen: one of the catalogue about a resource, or one's own of a custom topic. */
export function TriggerDialog({ api, resources, topics, onTriggered, onClose }: TriggerDialogProps): ReactNode {
  const [source, setSource] = useState('local');
  const form = { api, source, onTriggered, onClose };
  const sourceField = <SourceField sources={[...resources, ...topics]} value={source} onChange={setSource} />;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Trigger an event</DialogTitle>
          {topics.includes(source) ? (
            <PublishForm key={source} {...form}>
              {sourceField}
            </PublishForm>
          ) : (
            <CatalogueForm {...form}>{sourceField}</CatalogueForm>
          )}
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface SourceFormProps {
  readonly api: EventsApi;
  readonly source: string;
  readonly onTriggered: (id: string) => void;
  readonly onClose: () => void;
  /** Stands above the other fields. */
  readonly children: ReactNode;
}

function CatalogueForm({ children, ...props }: SourceFormProps): ReactNode {
  const { api, source } = props;
  const { value: types, problem } = useAnswer(useCallback((signal: AbortSignal) => api.types(source, signal), [api, source]));
  const [name, setName] = useState('Microsoft.Communication.ChatMessageReceived');
  const type = types?.find((one) => one.name === name) ?? types?.[0];
  if (type === undefined)
    return <DialogContent>{problem === undefined ? <Spinner size="small" label="Loading" /> : <Text>{problem}</Text>}</DialogContent>;
  return (
    <TriggerForm key={`${source} ${type.name}`} type={type} {...props}>
      {children}
      <TypeField types={types ?? []} type={type} onChange={setName} />
    </TriggerForm>
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
    <SelectField label="Type" hint={type.description} value={type.name} onChange={onChange} testId="trigger-type">
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
    </SelectField>
  );
}

interface TriggerFormProps extends SourceFormProps {
  readonly type: ListedEventType;
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
