import { Button, Card, MessageBar, MessageBarBody, Spinner, Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowLeftRegular, EditRegular } from '@fluentui/react-icons';
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { FactList } from '../fact-list.tsx';
import { FailureBar } from '../failure-bar.tsx';
import { linkTo } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import { DeliveryPanel } from './delivery-panel.tsx';
import { queuedText, shortType } from './event-words.ts';
import type { EventsApi, LoggedEvent } from './events-api.ts';
import { jsonText } from './json-text.ts';
import { ReplayMenu } from './replay-menu.tsx';
import { ResendDialog } from './resend-dialog.tsx';

const useStyles = makeStyles({
  card: {
    padding: tokens.spacingHorizontalL,
    gap: tokens.spacingVerticalM,
    overflowY: 'auto',
    minHeight: 0,
    minWidth: 0,
    '> *': { flexShrink: 0 },
  },
  head: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS, minWidth: 0 },
  title: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  payloadHead: { display: 'flex', alignItems: 'center', justifyContent: 'space-between' },
  payload: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    maxHeight: '50vh',
    overflow: 'auto',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  whole: { whiteSpace: 'nowrap' },
});

interface EventDetailProps {
  readonly api: EventsApi;
  readonly id: string;
  /** From the list, when it stands there. */
  readonly known: LoggedEvent | undefined;
  /** Names of the subscriptions of the event's source. */
  readonly subscriptionsOf: (source: string) => readonly string[];
  /** Address of the list without this, and of another event. */
  readonly listAddress: string;
  readonly onShow: (id: string) => void;
}

/** One event: what it says, how its deliveries went, and what can be done with it. */
export function EventDetail({ api, id, known, listAddress, ...props }: EventDetailProps): ReactNode {
  const styles = useStyles();
  const isKnown = known !== undefined;
  const ask = useCallback((signal: AbortSignal) => api.event(id, signal).then((value) => value ?? 'gone'), [api, id]);
  const { value, problem } = useAnswer(isKnown ? undefined : ask);
  const logged = known ?? (value === 'gone' ? undefined : value);
  return (
    <Card className={styles.card} role="region" aria-label="Event" data-testid="event-detail">
      <div className={styles.head}>
        <Button
          as="a"
          size="small"
          appearance="subtle"
          icon={<ArrowLeftRegular />}
          aria-label="Back to the list"
          {...linkTo(listAddress)}
        />
        {logged && (
          <Subtitle2 as="h2" className={styles.title}>
            {shortType(logged.event.eventType)}
          </Subtitle2>
        )}
      </div>
      {!logged && !problem && value === undefined && <Spinner size="small" label="Loading" />}
      {value === 'gone' && !logged && (
        <Text className={styles.quiet}>
          The log does not have this event. It keeps the last 5,000 since the server started, and with{' '}
          <span className={styles.whole}>--inspect off</span> only those that a subscription wanted.
        </Text>
      )}
      {problem && <Text className={styles.quiet}>{problem}</Text>}
      {logged && <DetailBody key={id} api={api} logged={logged} {...props} />}
    </Card>
  );
}

interface DetailBodyProps extends Pick<EventDetailProps, 'api' | 'subscriptionsOf' | 'onShow'> {
  readonly logged: LoggedEvent;
}

function DetailBody({ api, logged, subscriptionsOf, onShow }: DetailBodyProps): ReactNode {
  const styles = useStyles();
  const { key, event, source, deliveries } = logged;
  const { busy, failure, attempt, dismiss } = useAttempt();
  const [result, setResult] = useState<string>();
  const [editing, setEditing] = useState(false);
  const subscriptions = subscriptionsOf(source);
  const replay = async (subscription: string | undefined): Promise<void> => {
    setResult(undefined);
    await attempt(async () => {
      const { queued } = await api.replay(key, subscription === undefined ? {} : { subscription });
      setResult(queuedText(queued));
    });
  };
  return (
    <>
      <div className={styles.actions}>
        <ReplayMenu subscriptions={subscriptions} disabled={busy} onReplay={(to) => void replay(to)} />
        <Button size="small" icon={<EditRegular />} onClick={() => setEditing(true)} data-testid="edit-event">
          Edit and resend
        </Button>
      </div>
      {failure && <FailureBar failure={failure} onDismiss={dismiss} testId="failure-replay" />}
      {result !== undefined && (
        <MessageBar intent="info" data-testid="replay-result">
          <MessageBarBody>{result}</MessageBarBody>
        </MessageBar>
      )}
      <FactList
        facts={[
          ['Subject', event.subject],
          ['Happened', new Date(event.eventTime).toLocaleString([], { hour12: false })],
          ['Source', source],
          ['Id', event.id],
        ]}
      />
      {deliveries.length === 0 && (
        <Text className={styles.quiet} data-testid="unwanted">
          No subscription wanted this event, so it was delivered nowhere.
        </Text>
      )}
      {deliveries.map((delivery, index) => <DeliveryPanel key={index} delivery={delivery} />).toReversed()}
      <Payload event={event} />
      {editing && (
        <ResendDialog api={api} logged={logged} subscriptions={subscriptions} onSent={onShow} onClose={() => setEditing(false)} />
      )}
    </>
  );
}

function Payload({ event }: Pick<LoggedEvent, 'event'>): ReactNode {
  const styles = useStyles();
  const text = jsonText(event);
  return (
    <div>
      <div className={styles.payloadHead}>
        <Text size={200} className={styles.quiet}>
          In the Event Grid schema
        </Text>
        <CopyButton text={text} label="Copy event" />
      </div>
      <pre className={styles.payload} tabIndex={0} aria-label="Payload" data-testid="payload">
        {text}
      </pre>
    </div>
  );
}
