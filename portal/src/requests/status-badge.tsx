import { Badge, makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({ badge: { minWidth: '40px', flexShrink: 0 } });

/** The status of an answer, coloured by its class. */
export function StatusBadge({ status }: { readonly status: number }): ReactNode {
  const color = status >= 500 ? 'danger' : status >= 400 ? 'severe' : status >= 300 || status < 200 ? 'informative' : 'success';
  return (
    <Badge appearance="tint" color={color} className={useStyles().badge}>
      {status}
    </Badge>
  );
}
