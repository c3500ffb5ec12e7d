import { Badge, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({ badge: { padding: `0 ${tokens.spacingHorizontalM}` } });

interface LiveBadgeProps {
  /** Why nothing new arrives. */
  readonly problem: string | undefined;
  readonly paused: boolean;
}

/** Whether a list shows things as they come. */
export function LiveBadge({ problem, paused }: LiveBadgeProps): ReactNode {
  const [text, color] = paused
    ? (['Paused', 'informative'] as const)
    : problem !== undefined
      ? (['Not answering', 'danger'] as const)
      : (['Live', 'success'] as const);
  return (
    <Badge appearance="tint" size="large" color={color} className={useStyles().badge} role="status" data-testid="live-state">
      {text}
    </Badge>
  );
}
