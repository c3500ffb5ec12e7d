import { Button, Text, Tooltip, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { describeRule } from './disturbance.ts';
import type { FaultRuleInForce } from './events-api.ts';

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', paddingBottom: tokens.spacingVerticalXS },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: `${tokens.spacingVerticalXS} 0`,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface RulesInForceProps {
  readonly rules: readonly FaultRuleInForce[];
  readonly busy: boolean;
  readonly onRemove: (names: readonly string[]) => void;
}

/** The fault rules for deliveries that may still strike, whoever set them. */
export function RulesInForce({ rules, busy, onRemove }: RulesInForceProps): ReactNode {
  const styles = useStyles();
  if (rules.length === 0) return <Text className={styles.quiet}>Nothing is disturbed now.</Text>;
  return (
    <div>
      <div className={styles.head}>
        <Text weight="semibold">In force</Text>
        <Button size="small" disabled={busy} onClick={() => onRemove(rules.map(({ name }) => name))} data-testid="clear-rules">
          Clear
        </Button>
      </div>
      <ul className={styles.list}>
        {rules.map((rule) => (
          <li key={rule.name} className={styles.item} data-testid="rule">
            <Text title={rule.name}>{describeRule(rule)}</Text>
            <Tooltip content="Remove" relationship="label">
              <Button size="small" appearance="subtle" icon={<DeleteRegular />} disabled={busy} onClick={() => onRemove([rule.name])} />
            </Tooltip>
          </li>
        ))}
      </ul>
    </div>
  );
}
