import type { RequestRecord } from '@switchboard/contract';
import { Badge, Button, Card, Link, Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowClockwiseRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { Command } from '../command.tsx';
import { addressOf, linkTo, pages } from '../router.ts';

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  head: { display: 'flex', alignItems: 'center', justifyContent: 'space-between' },
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  summary: {
    display: 'grid',
    gridTemplateColumns: '16px max-content minmax(0, 1fr) max-content',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} 0`,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  chevron: { flexShrink: 0, color: tokens.colorNeutralForeground3, 'details[open] > summary > &': { transform: 'rotate(90deg)' } },
  path: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontFamily: tokens.fontFamilyMonospace,
    // Opened, the line shows all of it.
    'details[open] > summary > &': { whiteSpace: 'normal', overflowWrap: 'anywhere' },
  },
  details: { display: 'grid', gap: tokens.spacingVerticalXS, padding: `0 0 ${tokens.spacingVerticalM}` },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The latest refusals with cause and cure; the same that `switchboard why` tells. */
export function RefusedRequests({ api }: { readonly api: AdminApi }): ReactNode {
  const styles = useStyles();
  const [requests, setRequests] = useState<readonly RequestRecord[]>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const closed = new AbortController();
    api.refusedRequests(closed.signal).then(
      (latest) => {
        setRequests(latest);
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!closed.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => closed.abort();
  }, [api, round]);
  return (
    <Card className={styles.card} data-testid="refused-requests">
      <div className={styles.head}>
        <Subtitle2 as="h2">Refused requests</Subtitle2>
        <Button size="small" appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={() => setRound(round + 1)}>
          Refresh
        </Button>
      </div>
      {problem && <Text className={styles.quiet}>Not available: {problem}</Text>}
      {!problem && requests?.length === 0 && <Text className={styles.quiet}>Nothing was refused.</Text>}
      {!problem && requests && requests.length > 0 && (
        <ul className={styles.list}>
          {requests.map((request) => (
            <Refusal key={request.id} request={request} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Refusal({ request }: { readonly request: RequestRecord }): ReactNode {
  const styles = useStyles();
  return (
    <li className={styles.item}>
      <details>
        <summary className={styles.summary}>
          <ChevronRightRegular className={styles.chevron} aria-hidden />
          <Badge appearance="tint" color={request.status >= 500 ? 'danger' : 'severe'}>
            {request.status}
          </Badge>
          <span className={styles.path}>
            {request.method} {request.path}
          </span>
          <Text size={200} className={styles.quiet}>
            {new Date(request.time).toLocaleTimeString([], { hour12: false })}
          </Text>
        </summary>
        <div className={styles.details}>
          {request.code && <Text className={styles.quiet}>{request.code}</Text>}
          {request.cause && <Text>{request.cause}</Text>}
          {request.cure && <Text>{request.cure}</Text>}
          <Link {...linkTo(addressOf(pages.requests, { id: request.id }))}>Show the request</Link>
          <Command text={`switchboard why ${request.id}`} label="Copy command" />
        </div>
      </details>
    </li>
  );
}
