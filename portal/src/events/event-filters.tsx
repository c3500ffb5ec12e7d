import { Button, Field, Select, makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { Choice, TextFilter } from '../filter-fields.tsx';
import { isFiltered } from './event-filter.ts';
import type { EventFilter } from './event-filter.ts';

const useStyles = makeStyles({
  filters: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}` },
  choice: { flex: '1 1 130px', maxWidth: '150px' },
  clear: { marginLeft: 'auto' },
});

const states = [
  ['', 'Any'],
  ['waiting', 'Waiting'],
  ['delivered', 'Delivered'],
  ['deadLettered', 'Dead-lettered'],
  ['dropped', 'Dropped'],
] as const;

interface EventFiltersProps {
  readonly filter: EventFilter;
  /** Types seen so far, without the prefix. */
  readonly types: readonly string[];
  readonly subscriptions: readonly string[];
  readonly onChange: (changes: Partial<EventFilter>) => void;
  readonly onClear: () => void;
}

/** Narrows the list down; every control writes into the address bar. */
export function EventFilters({ filter, types, subscriptions, onChange, onClear }: EventFiltersProps): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.filters} role="search" aria-label="Filters">
      <TextFilter label="Subject or data contains" value={filter.match} onChange={(match) => onChange({ match })} testId="filter-match" />
      <Choice label="Type" value={filter.type} options={types} onChange={(type) => onChange({ type })} testId="filter-type" />
      <Choice
        label="Subscription"
        value={filter.subscription}
        options={subscriptions}
        onChange={(subscription) => onChange({ subscription })}
        testId="filter-subscription"
      />
      <Field label="Delivery" size="small" className={styles.choice}>
        <Select size="small" value={filter.state} onChange={(_, data) => onChange({ state: data.value })} data-testid="filter-state">
          {states.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      {isFiltered(filter) && (
        <Button
          size="small"
          appearance="subtle"
          icon={<DismissRegular />}
          className={styles.clear}
          onClick={onClear}
          data-testid="clear-filters"
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}
