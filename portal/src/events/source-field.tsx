import { Field, Select } from '@fluentui/react-components';
import type { ReactNode } from 'react';

interface SourceFieldProps {
  readonly sources: readonly string[];
  readonly value: string;
  readonly onChange: (source: string) => void;
}

/** Whose events are meant; there is nothing to choose while there is one resource. */
export function SourceField({ sources, value, onChange }: SourceFieldProps): ReactNode {
  if (sources.length < 2) return null;
  return (
    <Field label="Source">
      <Select value={value} onChange={(_, data) => onChange(data.value)} data-testid="source">
        {sources.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
