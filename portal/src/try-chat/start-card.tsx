import { Button, Card, Spinner, Text, makeStyles, tokens } from '@fluentui/react-components';
import { PlayFilled } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { FailureBar } from '../failure-bar.tsx';
import type { Phase } from './page-state.ts';

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalXXL, gap: tokens.spacingVerticalL, alignItems: 'flex-start' },
  bar: { alignSelf: 'stretch' },
});

/** Before the conversation: what will happen, the start button, progress, and what went wrong. */
export function StartCard({ phase, onStart }: { readonly phase: Phase; readonly onStart: () => void }): ReactNode {
  const styles = useStyles();
  return (
    <Card className={styles.card}>
      <Text>
        Creates two communication users, Alice and Bob, with access tokens. Each gets an unmodified client of the package{' '}
        <code>@azure/communication-chat</code> in this page. Alice opens a chat thread with Bob, both subscribe to all real-time events, and
        you write on both sides.
      </Text>
      {phase.name === 'failed' && (
        <div className={styles.bar}>
          <FailureBar failure={phase.failure} testId="failure-start" />
        </div>
      )}
      {phase.name === 'starting' ? (
        <Spinner size="small" label={`${phase.step}…`} />
      ) : (
        <Button appearance="primary" size="large" icon={<PlayFilled />} onClick={onStart} data-testid="start-chat">
          {phase.name === 'failed' ? 'Start over' : 'Start'}
        </Button>
      )}
    </Card>
  );
}
