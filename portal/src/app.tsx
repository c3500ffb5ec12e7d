import { Button, Link, Spinner, Text, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { Suspense, lazy, useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { AdminApi } from './admin-api.ts';
import { useAdminKey } from './admin-key.ts';
import { ChatPage } from './chat/chat-page.tsx';
import { HomePage } from './home/home-page.tsx';
import { HttpsNotice } from './https-notice.tsx';
import { RequestsPage } from './requests/requests-page.tsx';
import { linkTo, pages, usePath } from './router.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { useStatus } from './use-status.ts';

// The chat SDK is larger than the rest of the portal; only its page loads it.
const TryChatPage = lazy(async () => ({ default: (await import('./try-chat/try-chat-page.tsx')).TryChatPage }));

// It brings parts of Fluent UI that no other page has.
const EventsPage = lazy(async () => ({ default: (await import('./events/events-page.tsx')).EventsPage }));

const useStyles = makeStyles({
  center: { display: 'grid', placeItems: 'center', gap: tokens.spacingVerticalL, padding: tokens.spacingVerticalXXXL },
});

/** The portal: a sign-in form until the tab holds an admin key, then the page that the address names. */
export function App(): ReactNode {
  const [key, setKey] = useAdminKey();
  const [refused, setRefused] = useState(false);
  const leave = useCallback(
    (wasRefused: boolean) => {
      setRefused(wasRefused);
      setKey(undefined);
    },
    [setKey],
  );
  if (!key) {
    return (
      <Shell path={undefined}>
        <SignIn refused={refused} onSignIn={setKey} />
      </Shell>
    );
  }
  return <SignedIn key={key} adminKey={key} onLeave={leave} />;
}

function SignedIn({ adminKey, onLeave }: { readonly adminKey: string; readonly onLeave: (refused: boolean) => void }): ReactNode {
  const path = usePath();
  const api = useMemo(() => new AdminApi(adminKey), [adminKey]);
  const view = useStatus(
    api,
    useCallback(() => onLeave(true), [onLeave]),
  );
  const signOut = (
    <Button
      appearance="transparent"
      size="small"
      style={{ color: 'inherit', flexShrink: 0, minWidth: 'auto' }}
      onClick={() => onLeave(false)}
    >
      Sign out
    </Button>
  );
  return (
    <Shell path={path} action={signOut}>
      {path === pages.tryChat ? (
        <SecurePage endpoint={view.status?.endpoint} caFile={view.status?.caFile} adminKey={adminKey}>
          <TryChatPage api={api} />
        </SecurePage>
      ) : path === pages.requests ? (
        <RequestsPage api={api} status={view.status} />
      ) : path === pages.events ? (
        <Suspense fallback={<Loading />}>
          <EventsPage api={api} />
        </Suspense>
      ) : path === pages.chat ? (
        <ChatPage api={api} />
      ) : path === pages.home || path === '/portal' ? (
        <HomePage api={api} view={view} />
      ) : (
        <NotFound />
      )}
    </Shell>
  );
}

interface SecurePageProps {
  readonly endpoint: string | undefined;
  readonly caFile: string | undefined;
  readonly adminKey: string;
  readonly children: ReactNode;
}

/** The stock SDKs send access tokens over https only, so pages that use them exist on the HTTPS origin alone. */
function SecurePage({ endpoint, caFile, adminKey, children }: SecurePageProps): ReactNode {
  if (location.protocol !== 'https:') return <HttpsNotice endpoint={endpoint} caFile={caFile} adminKey={adminKey} />;
  return <Suspense fallback={<Loading />}>{children}</Suspense>;
}

function Loading(): ReactNode {
  return (
    <div className={useStyles().center}>
      <Spinner label="Loading" />
    </div>
  );
}

function NotFound(): ReactNode {
  return (
    <div className={useStyles().center}>
      <Title2 as="h1">There is no such page</Title2>
      <Text>
        Go to the <Link {...linkTo(pages.home)}>overview</Link>.
      </Text>
    </div>
  );
}
