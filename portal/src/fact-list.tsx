import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground3 },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

/** Terms and what is known of them; those without a value are left out. */
export function FactList({ facts }: { readonly facts: readonly (readonly [term: string, value: string | undefined])[] }): ReactNode {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>{facts.map(([term, value]) => value !== undefined && <Fact key={term} term={term} value={value} />)}</dl>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: string }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  );
}
