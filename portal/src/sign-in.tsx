import { Button, Card, Field, Input, Text, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { AdminApi, AdminApiError } from './admin-api.ts';

const useStyles = makeStyles({
  card: { maxWidth: '420px', margin: '8vh auto 0', padding: tokens.spacingHorizontalXXL, gap: tokens.spacingVerticalL },
  form: { display: 'grid', gap: tokens.spacingVerticalL },
});

interface SignInProps {
  /** The key that this tab held was refused a moment ago. */
  readonly refused: boolean;
  readonly onSignIn: (key: string) => void;
}

/** Asks for the admin key and lets only a key in that the server accepts. */
export function SignIn({ refused, onSignIn }: SignInProps): ReactNode {
  const styles = useStyles();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(refused ? 'The server no longer accepts this key. Sign in again.' : undefined);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(await check(key.trim(), onSignIn));
    setBusy(false);
  };
  return (
    <Card className={styles.card}>
      <Title2 as="h1">Sign in</Title2>
      <Text>
        Open the sign-in link that the server printed when it started, or paste its admin key here. The key stays in this browser tab.
      </Text>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <Field label="Admin key" {...(problem && { validationMessage: problem, validationState: 'error' })}>
          <Input
            type="password"
            autoComplete="off"
            autoFocus
            value={key}
            onChange={(_, data) => setKey(data.value)}
            data-testid="admin-key"
          />
        </Field>
        <Button type="submit" appearance="primary" disabled={busy || key.trim() === ''} data-testid="sign-in">
          Sign in
        </Button>
      </form>
    </Card>
  );
}

/** @returns what went wrong, or undefined once the key was accepted */
async function check(key: string, onSignIn: (key: string) => void): Promise<string | undefined> {
  try {
    await new AdminApi(key).status();
    onSignIn(key);
    return undefined;
  } catch (error) {
    if (error instanceof AdminApiError && error.status === 401) return 'This is not the admin key of this server.';
    return error instanceof Error ? error.message : String(error);
  }
}
