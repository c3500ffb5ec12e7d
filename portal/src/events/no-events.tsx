import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { Command } from '../command.tsx';

const useStyles = makeStyles({
  empty: {
    display: 'grid',
    gap: tokens.spacingVerticalM,
    margin: 'auto',
    padding: tokens.spacingHorizontalXXL,
    maxWidth: '520px',
    boxSizing: 'border-box',
    width: '100%',
  },
  way: { display: 'grid', gap: tokens.spacingVerticalXS, gridTemplateColumns: 'minmax(0, 1fr)' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** An empty log tells how to fill it. */
export function NoEvents({ filtered }: { readonly filtered: boolean }): ReactNode {
  const styles = useStyles();
  if (filtered) {
    return (
      <div className={styles.empty} data-testid="no-events">
        <Text className={styles.quiet}>No such events yet. They appear here as they happen.</Text>
      </div>
    );
  }
  return (
    <div className={styles.empty} data-testid="no-events">
      <Text weight="semibold">Nothing has happened yet</Text>
      <div className={styles.way}>
        <Text className={styles.quiet}>Get events delivered to your application, as Event Grid would:</Text>
        <Command text="switchboard listen --forward-to http://localhost:3000/events" label="Copy command" />
      </div>
      <div className={styles.way}>
        <Text className={styles.quiet}>Let one happen: use the chat, trigger one here, or</Text>
        <Command text="switchboard trigger ChatMessageReceived" label="Copy command" />
      </div>
    </div>
  );
}
