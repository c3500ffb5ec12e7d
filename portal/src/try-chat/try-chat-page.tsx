import { Button, Text, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular, ArrowResetRegular, DeleteRegular } from '@fluentui/react-icons';
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { defaultResource } from '../admin-api.ts';
import type { AdminApi } from '../admin-api.ts';
import { EventLogPanel } from './event-log-panel.tsx';
import { toFailure } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { FailureBar } from '../failure-bar.tsx';
import { journey } from './journey.ts';
import type { ChatAction } from './chat-state.ts';
import { Pane } from './pane.tsx';
import type { Session } from './session.ts';
import { StartCard } from './start-card.tsx';
import { StepList } from './step-list.tsx';
import { useSession } from './use-session.ts';
import type { SessionControl } from './use-session.ts';

const useStyles = makeStyles({
  page: { display: 'grid', gap: tokens.spacingVerticalL, gridTemplateColumns: 'minmax(0, 1fr)' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  title: { flexGrow: 1 },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  panes: {
    display: 'grid',
    gap: tokens.spacingHorizontalL,
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    '@media (max-width: 760px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3 },
});

/** Two users, two stock chat clients, one thread. */
export function TryChatPage({ api }: { readonly api: AdminApi }): ReactNode {
  const styles = useStyles();
  const control = useSession(api);
  const { state, dispatch, session, start } = control;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.title}>
          <Title2 as="h1">Try chat</Title2>
          <Text size={200} className={styles.quiet}>
            Resource {defaultResource} at {location.origin}
          </Text>
        </div>
        {session && <ThreadButtons control={control} session={session} />}
      </div>
      <StepList steps={journey(state)} />
      {session ? <Panes control={control} session={session} /> : <StartCard phase={state.phase} onStart={start} />}
      {state.phase.name !== 'idle' && <EventLogPanel log={state.log} onClear={() => dispatch({ type: 'logCleared' })} />}
    </div>
  );
}

interface SessionProps {
  readonly control: SessionControl;
  readonly session: Session;
}

function Panes({ control: { state, dispatch }, session }: SessionProps): ReactNode {
  const styles = useStyles();
  const toAlice = useCallback((action: ChatAction) => dispatch({ type: 'chat', who: 'alice', action }), [dispatch]);
  const toBob = useCallback((action: ChatAction) => dispatch({ type: 'chat', who: 'bob', action }), [dispatch]);
  return (
    <div className={styles.panes}>
      <Pane who="alice" user={session.alice} other={session.bob} state={state.alice} dispatch={toAlice} />
      <Pane who="bob" user={session.bob} other={session.alice} state={state.bob} dispatch={toBob} />
    </div>
  );
}

function ThreadButtons({ control: { state, start }, session }: SessionProps): ReactNode {
  const styles = useStyles();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const run = async (call: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    await call().catch((error: unknown) => setFailure(toFailure(error)));
    setBusy(false);
  };
  return (
    <>
      <div className={styles.buttons}>
        <Button icon={<AddRegular />} disabled={busy} onClick={() => void run(() => session.newThread())} data-testid="new-thread">
          New thread
        </Button>
        <Button
          icon={<DeleteRegular />}
          disabled={busy || state.alice.deleted}
          onClick={() => void run(() => session.deleteThread())}
          data-testid="delete-thread"
        >
          Delete thread
        </Button>
        <Button icon={<ArrowResetRegular />} disabled={busy} onClick={start} data-testid="start-over">
          Start over
        </Button>
      </div>
      {failure && <FailureBar failure={failure} onDismiss={() => setFailure(undefined)} testId="failure-thread" />}
    </>
  );
}
