import { Field, Input, Select, makeStyles } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  text: { flex: '1 1 150px', maxWidth: '260px' },
  // Not as wide as the longest name.
  choice: { flex: '1 1 130px', maxWidth: '220px', gridTemplateColumns: 'minmax(0, 1fr)' },
});

interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testId: string;
}

/** One of some names, or any. */
export function Choice({ label, value, options, onChange, testId }: FilterProps & { readonly options: readonly string[] }): ReactNode {
  const all = value === '' || options.includes(value) ? options : [...options, value];
  return (
    <Field label={label} size="small" className={useStyles().choice}>
      <Select size="small" value={value} onChange={(_, data) => onChange(data.value)} data-testid={testId}>
        <option value="">Any</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </Select>
    </Field>
  );
}

const typingMs = 300;

/** Hands the text on when the typing rests. */
export function TextFilter({ label, value, onChange, testId }: FilterProps): ReactNode {
  const [draft, setDraft] = useState({ text: value, of: value });
  // The address bar changed by other means (a link, the back button).
  if (draft.of !== value) setDraft({ text: value, of: value });
  useEffect(() => {
    if (draft.text === value) return undefined;
    const timer = setTimeout(() => onChange(draft.text), typingMs);
    return () => clearTimeout(timer);
  }, [draft.text, value, onChange]);
  return (
    <Field label={label} size="small" className={useStyles().text}>
      <Input
        size="small"
        type="search"
        value={draft.text}
        onChange={(_, data) => setDraft({ text: data.value, of: value })}
        data-testid={testId}
      />
    </Field>
  );
}
