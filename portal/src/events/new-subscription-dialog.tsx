import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Input,
  Option,
  OptionGroup,
  Select,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useCallback, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { useAnswer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import { shortType } from './event-words.ts';
import type { EventSchema, EventsApi, ListedEventType } from './events-api.ts';
import { SourceField } from './source-field.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
});

interface NewSubscriptionDialogProps {
  readonly api: EventsApi;
  readonly sources: readonly string[];
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

/** Subscribes a webhook; the server asks it for its consent before it answers. */
export function NewSubscriptionDialog({ api, sources, onCreated, onClose }: NewSubscriptionDialogProps): ReactNode {
  const styles = useStyles();
  const [name, setName] = useState('');
  const [endpointUrl, setEndpointUrl] = useState('');
  const [source, setSource] = useState('local');
  const [types, setTypes] = useState<readonly string[]>([]);
  const [schema, setSchema] = useState<EventSchema>('EventGridSchema');
  const { busy, failure, attempt } = useAttempt();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await attempt(async () => {
      await api.subscribe({ name: name.trim(), endpointUrl: endpointUrl.trim(), source, includedEventTypes: types, schema });
      onCreated();
      onClose();
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={(event) => void submit(event)} data-testid="new-subscription-dialog">
          <DialogBody>
            <DialogTitle>New event subscription</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Name" required hint="3 to 64 letters, digits and hyphens.">
                <Input autoFocus value={name} onChange={(_, data) => setName(data.value)} data-testid="subscription-name" />
              </Field>
              <Field label="Webhook URL" required hint="It is asked at once whether it wants events.">
                <Input
                  type="url"
                  placeholder="http://localhost:3000/events"
                  value={endpointUrl}
                  onChange={(_, data) => setEndpointUrl(data.value)}
                  data-testid="subscription-url"
                />
              </Field>
              <SourceField sources={sources} value={source} onChange={setSource} />
              <TypesField api={api} types={types} onChange={setTypes} />
              <SchemaField schema={schema} onChange={setSchema} />
              {failure && <FailureBar failure={failure} testId="failure-subscribe" />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button
                type="submit"
                appearance="primary"
                disabled={busy || name.trim() === '' || endpointUrl.trim() === ''}
                data-testid="subscribe"
              >
                {busy ? 'Asking the endpoint' : 'Subscribe'}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function SchemaField({ schema, onChange }: { readonly schema: EventSchema; readonly onChange: (schema: EventSchema) => void }): ReactNode {
  return (
    <Field label="Schema">
      <Select
        value={schema}
        // The values are those of the options.
        onChange={(_, data) => onChange(data.value as EventSchema)}
        data-testid="subscription-schema"
      >
        <option value="EventGridSchema">Event Grid schema</option>
        <option value="CloudEventSchemaV1_0">CloudEvents 1.0</option>
      </Select>
    </Field>
  );
}

interface TypesFieldProps {
  readonly api: EventsApi;
  readonly types: readonly string[];
  readonly onChange: (types: readonly string[]) => void;
}

function TypesField({ api, types, onChange }: TypesFieldProps): ReactNode {
  const { value: listed = [], problem } = useAnswer(useCallback((signal: AbortSignal) => api.types('local', signal), [api]));
  const groups = Map.groupBy<string, ListedEventType>(listed, ({ group }) => group);
  return (
    <Field label="Event types" {...(problem !== undefined && { validationMessage: problem })}>
      <Dropdown
        multiselect
        placeholder="All"
        selectedOptions={[...types]}
        value={types.map(shortType).join(', ')}
        onOptionSelect={(_, data) => onChange(data.selectedOptions)}
        positioning={{ position: 'below', align: 'start', matchTargetSize: 'width' }}
        data-testid="subscription-types"
      >
        {[...groups].map(([group, ofGroup]) => (
          <OptionGroup key={group} label={group}>
            {ofGroup.map((type) => (
              <Option key={type.name} value={type.name}>
                {shortType(type.name)}
              </Option>
            ))}
          </OptionGroup>
        ))}
      </Dropdown>
    </Field>
  );
}
