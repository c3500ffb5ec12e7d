import { Badge, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { formatMs } from '../requests/pretty.ts';
import { outcomeText, standingOfOne } from './event-words.ts';
import type { Attempt, Delivery } from './events-api.ts';
import { StandingBadge } from './standing-badge.tsx';

const useStyles = makeStyles({
  panel: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground3 },
  attempts: { display: 'grid', gap: tokens.spacingVerticalS, margin: 0, padding: 0, listStyleType: 'none' },
  line: { display: 'flex', flexWrap: 'wrap', gap: `0 ${tokens.spacingHorizontalM}` },
  answer: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
    color: tokens.colorNeutralForeground2,
  },
});

/** One delivery: how it stands, each attempt, newest first, and when the next one is due. */
export function DeliveryPanel({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const styles = useStyles();
  const { subscription, replayedAt, reason, attempts, attemptCount, nextAttemptAt, deadLetterProblem } = delivery;
  return (
    <section className={styles.panel} aria-label={`Delivery to ${subscription}`} data-testid="delivery">
      <div className={styles.head}>
        <Text weight="semibold">{subscription}</Text>
        {replayedAt !== undefined && (
          <Badge appearance="outline" title={`Replayed at ${timeOf(replayedAt)}`} data-testid="replayed">
            Replay
          </Badge>
        )}
        <StandingBadge standing={standingOfOne(delivery)} />
        {nextAttemptAt !== undefined && (
          <Text size={200} className={styles.quiet} title={nextAttemptAt} data-testid="next-attempt">
            {reason === undefined ? 'Next attempt at' : 'To the dead letters at'} {timeOf(nextAttemptAt)}
          </Text>
        )}
        {reason !== undefined && (
          <Text size={200} className={styles.quiet}>
            {reason}
          </Text>
        )}
      </div>
      {deadLetterProblem !== undefined && (
        <Text size={200} data-testid="dead-letter-problem">
          Not among the dead letters: {deadLetterProblem}
        </Text>
      )}
      {attempts.length === 0 ? (
        <Text size={200} className={styles.quiet}>
          Not attempted yet
        </Text>
      ) : (
        <ol className={styles.attempts} reversed start={attemptCount}>
          {attempts.toReversed().map((attempt, index) => (
            <AttemptLine key={attemptCount - index} attempt={attempt} number={attemptCount - index} />
          ))}
        </ol>
      )}
      {attemptCount > attempts.length && (
        <Text size={200} className={styles.quiet}>
          The attempts before these are not remembered.
        </Text>
      )}
    </section>
  );
}

function AttemptLine({ attempt, number }: { readonly attempt: Attempt; readonly number: number }): ReactNode {
  const styles = useStyles();
  return (
    <li data-testid="attempt">
      <div className={styles.line}>
        <Text size={200} className={styles.quiet}>
          {number}.
        </Text>
        <Text size={200} weight="semibold">
          {outcomeText(attempt)}
        </Text>
        <Text size={200} className={styles.quiet} title={attempt.at}>
          {timeOf(attempt.at)} · {formatMs(attempt.durationMs)}
        </Text>
      </div>
      {attempt.detail !== undefined && attempt.detail !== '' && <div className={styles.answer}>{attempt.detail}</div>}
    </li>
  );
}

/** Attempts may be a day apart. */
function timeOf(iso: string): string {
  return new Date(iso).toLocaleString([], { hour12: false });
}
