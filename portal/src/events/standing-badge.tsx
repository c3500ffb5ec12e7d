import { Badge } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { standingText } from './event-words.ts';
import type { Standing } from './event-words.ts';

const COLORS = {
  retrying: 'severe',
  waiting: 'informative',
  deadLettered: 'danger',
  dropped: 'danger',
  delivered: 'success',
  unwanted: 'subtle',
} as const satisfies Readonly<Record<Standing, string>>;

/** How deliveries stand, coloured by how much attention they need. */
export function StandingBadge({ standing }: { readonly standing: Standing }): ReactNode {
  return (
    <Badge appearance="tint" color={COLORS[standing]}>
      {standingText(standing)}
    </Badge>
  );
}
