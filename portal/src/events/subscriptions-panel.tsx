import { Badge, Button, Card, Link, Spinner, Text, Tooltip, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Command } from '../command.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { FailureBar } from '../failure-bar.tsx';
import { addressOf, linkTo, pages } from '../router.ts';
import type { Answer } from '../use-answer.ts';
import { useAttempt } from '../use-attempt.ts';
import { addressOfDestination, endingText, provisioningOf, schemaText, typesText, waitingText } from './subscription-words.ts';
import type { EventSubscription, EventsApi } from './events-api.ts';

const useStyles = makeStyles({
  panel: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  card: { padding: 0, gap: 0 },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) max-content',
    gap: tokens.spacingHorizontalM,
    alignItems: 'start',
    padding: tokens.spacingHorizontalM,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    ':first-child': { borderTopStyle: 'none' },
  },
  facts: { display: 'grid', gap: tokens.spacingVerticalXXS, minWidth: 0 },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  url: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground3 },
  empty: { display: 'grid', gap: tokens.spacingVerticalM, margin: 'auto', padding: tokens.spacingHorizontalXXL, maxWidth: '520px' },
});

interface SubscriptionsPanelProps {
  readonly api: EventsApi;
  readonly answer: Answer<readonly EventSubscription[]>;
  readonly onChanged: () => void;
}

/** Who gets events, how each stands, and what waits for it. */
export function SubscriptionsPanel({ api, answer, onChanged }: SubscriptionsPanelProps): ReactNode {
  const styles = useStyles();
  const [ending, setEnding] = useState<EventSubscription>();
  const { failure, attempt, dismiss } = useAttempt();
  const end = async (one: EventSubscription): Promise<void> => {
    await attempt(() => api.unsubscribe(one));
    onChanged();
  };
  const { value, problem } = answer;
  return (
    <div className={styles.panel}>
      {failure && <FailureBar failure={failure} onDismiss={dismiss} testId="failure-unsubscribe" />}
      <Card className={styles.card}>
        {value === undefined && (
          <div className={styles.empty}>{problem === undefined ? <Spinner size="small" label="Loading" /> : <Text>{problem}</Text>}</div>
        )}
        {value?.length === 0 && <NoSubscriptions />}
        {value !== undefined && value.length > 0 && (
          <ul className={styles.list} aria-label="Event subscriptions">
            {value.map((one) => (
              <SubscriptionRow key={`${one.source} ${one.name}`} subscription={one} onDelete={() => setEnding(one)} />
            ))}
          </ul>
        )}
      </Card>
      {ending && (
        <ConfirmDialog
          title={`Delete the subscription ${ending.name}?`}
          text={endingText(ending.waiting)}
          action="Delete"
          onConfirm={() => void end(ending)}
          onClose={() => setEnding(undefined)}
        />
      )}
    </div>
  );
}

function NoSubscriptions(): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.empty} data-testid="no-subscriptions">
      <Text weight="semibold">Nobody is told of events</Text>
      <Text className={styles.quiet}>Subscribe an endpoint here, or let a command forward events to an application on your machine:</Text>
      <Command text="switchboard listen --forward-to http://localhost:3000/events" label="Copy command" />
    </div>
  );
}

interface SubscriptionRowProps {
  readonly subscription: EventSubscription;
  readonly onDelete: () => void;
}

function SubscriptionRow({ subscription, onDelete }: SubscriptionRowProps): ReactNode {
  const styles = useStyles();
  const { name, source, destination, filter, schema, waiting, reason } = subscription;
  const { text, color } = provisioningOf(subscription);
  return (
    <li className={styles.item} data-testid="subscription" data-name={name}>
      <div className={styles.facts}>
        <div className={styles.head}>
          <Text weight="semibold">{name}</Text>
          <Badge appearance="tint" color={color}>
            {text}
          </Badge>
          <Text size={200} className={styles.quiet} data-testid="waiting">
            {waitingText(waiting)}
          </Text>
        </div>
        <Text size={200} className={styles.url}>
          {addressOfDestination(destination)}
        </Text>
        <Text size={200} className={styles.quiet} title={filter.includedEventTypes?.join('\n')}>
          {typesText(filter)} of {source} · {schemaText(schema)}
        </Text>
        {reason !== undefined && (
          <Text size={200} data-testid="reason">
            {reason}
          </Text>
        )}
        <Link {...linkTo(addressOf(pages.events, { subscription: name }))}>Its events</Link>
      </div>
      <Tooltip content="Delete" relationship="label">
        <Button size="small" appearance="subtle" icon={<DeleteRegular />} onClick={onDelete} data-testid="delete-subscription" />
      </Tooltip>
    </li>
  );
}
