import { Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled, CircleRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { Step } from './journey.ts';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  step: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, color: tokens.colorNeutralForeground3 },
  done: { color: tokens.colorNeutralForeground1 },
  tick: { color: tokens.colorPaletteGreenForeground1 },
});

/** The seven steps in a row, with a tick at each that is done. */
export function StepList({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  const styles = useStyles();
  return (
    <ol className={styles.list} aria-label="Steps" data-testid="steps">
      {steps.map((step, index) => (
        <li key={step.title} className={mergeClasses(styles.step, step.done && styles.done)} data-done={step.done}>
          {step.done ? <CheckmarkCircleFilled className={styles.tick} aria-label="Done" /> : <CircleRegular aria-label="To do" />}
          <Text size={200}>
            {index + 1} {step.title}
          </Text>
        </li>
      ))}
    </ol>
  );
}
