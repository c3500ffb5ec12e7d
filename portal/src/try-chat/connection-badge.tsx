import { Badge, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Connection } from './chat-state.ts';

const looks = {
  stopped: { text: 'Not connected', color: 'subtle' },
  connecting: { text: 'Connecting', color: 'informative' },
  live: { text: 'Live', color: 'success' },
  reconnecting: { text: 'Reconnecting', color: 'warning' },
} as const;

const useStyles = makeStyles({ badge: { flexShrink: 0, padding: `0 ${tokens.spacingHorizontalS}` } });

/** State of one user's real-time notifications. */
export function ConnectionBadge({ connection, testId }: { readonly connection: Connection; readonly testId: string }): ReactNode {
  const { text, color } = looks[connection];
  return (
    <Badge appearance="tint" color={color} className={useStyles().badge} role="status" data-testid={testId}>
      {text}
    </Badge>
  );
}
