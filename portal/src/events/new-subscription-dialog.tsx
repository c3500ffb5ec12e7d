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
import { SelectField } from '../select-field.tsx';
import { useAttempt } from '../use-attempt.ts';
import type { EventSchema, EventsApi } from './events-api.ts';
import { SourceField } from './source-field.tsx';
import { TypesField } from './types-field.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
});

interface NewSubscriptionDialogProps {
  readonly api: EventsApi;
  readonly resources: readonly string[];
  /** Names of custom topics. */
  readonly topics: readonly string[];
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

/** Subscribes a webhook; the server asks it for its consent before it answers. */
export function NewSubscriptionDialog({ api, resources, topics, onCreated, onClose }: NewSubscriptionDialogProps): ReactNode {
  const [name, setName] = useState('');
  const [endpointUrl, setEndpointUrl] = useState('');
  const [source, setSource] = useState('local');
  const [types, setTypes] = useState<readonly string[]>([]);
  const [schema, setSchema] = useState<EventSchema>('EventGridSchema');
  const { busy, failure, attempt } = useAttempt();
  const changeSource = (next: string): void => {
    setSource(next);
    setTypes([]);
  };
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
            <DialogContent className={useStyles().content}>
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
              <SourceField sources={[...resources, ...topics]} value={source} onChange={changeSource} />
              <TypesField key={source} api={api} isTopic={topics.includes(source)} types={types} onChange={setTypes} />
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
    <SelectField
      label="Schema"
      value={schema}
      // The values are those of the options.
      onChange={(value) => onChange(value as EventSchema)}
      testId="subscription-schema"
    >
      <option value="EventGridSchema">Event Grid schema</option>
      <option value="CloudEventSchemaV1_0">CloudEvents 1.0</option>
    </SelectField>
  );
}
