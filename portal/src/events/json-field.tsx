import { Field, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  area: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

interface JsonFieldProps {
  readonly label: string;
  readonly text: string;
  readonly problem: string | undefined;
  readonly hint?: string;
  readonly onChange: (text: string) => void;
  readonly testId: string;
}

/** Takes JSON, and says where it is none. */
export function JsonField({ label, text, problem, hint, onChange, testId }: JsonFieldProps): ReactNode {
  const styles = useStyles();
  return (
    <Field label={label} {...(hint !== undefined && { hint })} {...(problem !== undefined && { validationMessage: problem })}>
      <Textarea
        resize="vertical"
        value={text}
        onChange={(_, data) => onChange(data.value)}
        textarea={{ className: styles.area, rows: 14, spellCheck: false }}
        data-testid={testId}
      />
    </Field>
  );
}
