import { Field, Select, makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';

// As wide as its place: names are long, and a choice would otherwise be as wide as the longest.
const useStyles = makeStyles({ field: { gridTemplateColumns: 'minmax(0, 1fr)' } });

interface SelectFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testId: string;
  /** The options. */
  readonly children: ReactNode;
}

/** A choice among names, with its label. */
export function SelectField({ label, hint, value, onChange, testId, children }: SelectFieldProps): ReactNode {
  return (
    <Field label={label} {...(hint !== undefined && { hint })} className={useStyles().field}>
      <Select value={value} onChange={(_, data) => onChange(data.value)} data-testid={testId}>
        {children}
      </Select>
    </Field>
  );
}

/** Each name as an option. */
export function Names({ names }: { readonly names: readonly string[] }): ReactNode {
  return names.map((name) => (
    <option key={name} value={name}>
      {name}
    </option>
  ));
}
