import type { ReactNode } from 'react';
import { Names, SelectField } from '../select-field.tsx';

interface SourceFieldProps {
  readonly sources: readonly string[];
  readonly value: string;
  readonly onChange: (source: string) => void;
}

/** Whose events are meant; there is nothing to choose while there is one resource. */
export function SourceField({ sources, value, onChange }: SourceFieldProps): ReactNode {
  if (sources.length < 2) return null;
  return (
    <SelectField label="Source" value={value} onChange={onChange} testId="source">
      <Names names={sources} />
    </SelectField>
  );
}
