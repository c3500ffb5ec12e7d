import { Badge, Button, Card, Subtitle2, Text, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { ChatMultipleRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { AdminApi, ServerStatus } from '../admin-api.ts';
import { Command } from '../command.tsx';
import { formatDuration } from './duration.ts';
import { linkTo, pages } from '../router.ts';
import type { ServerView } from '../use-status.ts';
import { RefusedRequests } from './refused-requests.tsx';

const useStyles = makeStyles({
  page: { display: 'grid', gap: tokens.spacingVerticalXL },
  title: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  cards: { display: 'grid', gap: tokens.spacingHorizontalL, gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 320px), 1fr))' },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground3 },
  value: { margin: 0, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  start: { alignSelf: 'flex-start', marginTop: 'auto' },
  badge: { padding: `0 ${tokens.spacingHorizontalM}` },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Overview: where the server is, how it is set up, where to go, and what it refused lately. */
export function HomePage({ api, view }: { readonly api: AdminApi; readonly view: ServerView }): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.page}>
      <div className={styles.title}>
        <Title2 as="h1">Overview</Title2>
        <Reachability view={view} />
      </div>
      <div className={styles.cards}>
        <TryChatCard />
        {view.status && <ConnectCard status={view.status} />}
        {view.status && <ServerCard status={view.status} />}
      </div>
      <RefusedRequests api={api} />
    </div>
  );
}

function Reachability({ view }: { readonly view: ServerView }): ReactNode {
  const color = view.reachable === undefined ? 'informative' : view.reachable ? 'success' : 'danger';
  const text = view.reachable === undefined ? 'Connecting' : view.reachable ? 'Running' : 'Not answering';
  return (
    <Badge appearance="tint" color={color} size="large" className={useStyles().badge} role="status" data-testid="server-state">
      {text}
    </Badge>
  );
}

function ConnectCard({ status }: { readonly status: ServerStatus }): ReactNode {
  const styles = useStyles();
  return (
    <Card className={styles.card}>
      <Subtitle2 as="h2">Connect an application</Subtitle2>
      <Text className={styles.quiet}>Endpoint for the Azure SDKs</Text>
      <Command text={status.endpoint} label="Copy endpoint" />
      {status.caFile && (
        <>
          <Text className={styles.quiet}>Let a Node.js application trust the local certificate authority</Text>
          <Command text={`export NODE_EXTRA_CA_CERTS="${status.caFile}"`} label="Copy command" />
        </>
      )}
    </Card>
  );
}

function ServerCard({ status }: { readonly status: ServerStatus }): ReactNode {
  const styles = useStyles();
  const facts = [
    ['Version', status.version],
    ['Running for', formatDuration(status.uptimeSeconds)],
    ['Resources', String(status.resources)],
    ['Live connections', String(status.liveConnections)],
    ['Database', status.database],
    ['Clock', status.clock],
    ['Limits', status.limits],
    ['Plain HTTP', status.httpEndpoint ?? 'off'],
  ] as const;
  return (
    <Card className={styles.card}>
      <Subtitle2 as="h2">Server</Subtitle2>
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <FactRow key={term} term={term} value={value} />
        ))}
      </dl>
    </Card>
  );
}

function FactRow({ term, value }: { readonly term: string; readonly value: string }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  );
}

function TryChatCard(): ReactNode {
  const styles = useStyles();
  return (
    <Card className={styles.card}>
      <Subtitle2 as="h2">Try chat</Subtitle2>
      <Text>
        Two users side by side in one window, each with the unmodified Azure chat SDK: messages, typing and every event as it arrives.
      </Text>
      <Button as="a" appearance="primary" icon={<ChatMultipleRegular />} className={styles.start} {...linkTo(pages.tryChat)}>
        Open
      </Button>
    </Card>
  );
}
