import { Button, Field, Select, Switch, makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { Choice, TextFilter } from '../filter-fields.tsx';
import { isFiltered } from './request-filter.ts';
import type { RequestFilter } from './request-filter.ts';

const useStyles = makeStyles({
  filters: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}` },
  choice: { flex: '0 1 130px' },
  clear: { marginLeft: 'auto' },
});

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const statuses = [
  ['', 'Any'],
  ['refused', 'Refused'],
  ['2xx', '2xx success'],
  ['4xx', '4xx refused'],
  ['429', '429 too many'],
  ['5xx', '5xx failed'],
  ['101', '101 live connection'],
] as const;

interface RequestFiltersProps {
  readonly filter: RequestFilter;
  /** Names seen so far, as suggestions. */
  readonly operations: readonly string[];
  readonly resources: readonly string[];
  readonly onChange: (changes: Partial<RequestFilter>) => void;
  readonly onClear: () => void;
}

/** Narrows the list down; every control writes into the address bar. */
export function RequestFilters({ filter, operations, resources, onChange, onClear }: RequestFiltersProps): ReactNode {
  const styles = useStyles();
  const statusTexts: readonly (readonly [string, string])[] = statuses.some(([value]) => value === filter.status)
    ? statuses
    : [...statuses, [filter.status, filter.status]];
  return (
    <div className={styles.filters} role="search" aria-label="Filters">
      <TextFilter label="Path contains" value={filter.path} onChange={(path) => onChange({ path })} testId="filter-path" />
      <TextFilter label="Caller contains" value={filter.caller} onChange={(caller) => onChange({ caller })} testId="filter-caller" />
      <Choice label="Method" value={filter.method} options={methods} onChange={(method) => onChange({ method })} testId="filter-method" />
      <Field label="Status" size="small" className={styles.choice}>
        <Select size="small" value={filter.status} onChange={(_, data) => onChange({ status: data.value })} data-testid="filter-status">
          {statusTexts.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      <Choice
        label="Operation"
        value={filter.operation}
        options={operations}
        onChange={(operation) => onChange({ operation })}
        testId="filter-operation"
      />
      {(resources.length > 1 || filter.resource !== '') && (
        <Choice
          label="Resource"
          value={filter.resource}
          options={resources}
          onChange={(resource) => onChange({ resource })}
          testId="filter-resource"
        />
      )}
      {filter.rule !== '' && <TextFilter label="Rule" value={filter.rule} onChange={(rule) => onChange({ rule })} testId="filter-rule" />}
      <Switch
        label="Admin and portal"
        checked={filter.admin}
        onChange={(_, data) => onChange({ admin: data.checked })}
        data-testid="filter-admin"
      />
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
