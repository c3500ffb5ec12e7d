import { Button, DialogActions, DialogContent, Spinner, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useCallback, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import { useAnswer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import type { EventsApi, Topic } from './events-api.ts';
import { JsonField } from './json-field.tsx';
import { jsonText, parseObject } from './json-text.ts';
import { ownEvent } from './own-event.ts';

const useStyles = makeStyles({ content: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' } });

interface PublishFormProps {
  readonly api: EventsApi;
  /** Name of the custom topic. */
  readonly source: string;
  readonly onTriggered: (id: string) => void;
  readonly onClose: () => void;
  /** Stands above the event. */
  readonly children: ReactNode;
}

/** Publishes an event of one's own to a custom topic. */
export function PublishForm({ api, source, ...props }: PublishFormProps): ReactNode {
  const { value: topic, problem } = useAnswer(useCallback((signal: AbortSignal) => api.topic(source, signal), [api, source]));
  if (topic !== undefined) return <EventForm api={api} topic={topic} {...props} />;
  return <DialogContent>{problem === undefined ? <Spinner size="small" label="Loading" /> : <Text>{problem}</Text>}</DialogContent>;
}

function EventForm({
  api,
  topic,
  children,
  onTriggered,
  onClose,
}: Omit<PublishFormProps, 'source'> & { readonly topic: Topic }): ReactNode {
  const [text, setText] = useState(() => jsonText(ownEvent(topic.inputSchema, { id: crypto.randomUUID(), now: new Date() })));
  const { busy, failure, attempt } = useAttempt();
  const parsed = parseObject(text);
  const submit = async (form: FormEvent): Promise<void> => {
    form.preventDefault();
    if (parsed.problem !== undefined) return;
    const { value: event } = parsed;
    await attempt(async () => {
      await api.publish(topic, event);
      onClose();
      if (typeof event['id'] === 'string') onTriggered(event['id']);
    });
  };
  return (
    <form onSubmit={(form) => void submit(form)} style={{ display: 'contents' }} data-testid="publish-form">
      <DialogContent className={useStyles().content}>
        {children}
        <JsonField
          label="Event"
          text={text}
          problem={parsed.problem}
          hint={`The topic takes events in ${topic.inputSchema}.`}
          onChange={setText}
          testId="publish-event"
        />
        {failure && <FailureBar failure={failure} testId="failure-publish" />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" appearance="primary" disabled={busy || parsed.problem !== undefined} data-testid="publish">
          Publish
        </Button>
      </DialogActions>
    </form>
  );
}
