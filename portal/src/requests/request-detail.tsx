import { Button, Card, Spinner, Subtitle2, Tab, TabList, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowLeftRegular } from '@fluentui/react-icons';
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi, ServerStatus } from '../admin-api.ts';
import { CopyButton } from '../copy-button.tsx';
import { FactList } from '../fact-list.tsx';
import { linkTo } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { commandFor, isSigned } from './curl.ts';
import { MessagePanel } from './message-panel.tsx';
import { formatMs } from './pretty.ts';
import { RefusalPanel } from './refusal-panel.tsx';
import { getRequest } from './requests-api.ts';
import type { RequestDetail as Detail } from './requests-api.ts';
import { StatusBadge } from './status-badge.tsx';

const useStyles = makeStyles({
  card: {
    padding: tokens.spacingHorizontalL,
    gap: tokens.spacingVerticalM,
    overflowY: 'auto',
    minHeight: 0,
    minWidth: 0,
    '> *': { flexShrink: 0 },
  },
  head: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS, minWidth: 0 },
  title: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere', fontFamily: tokens.fontFamilyMonospace },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface RequestDetailProps {
  readonly api: AdminApi;
  readonly id: string;
  readonly status: ServerStatus | undefined;
  /** Address of the list without this. */
  readonly listAddress: string;
}

/** Everything that is remembered of one request. */
export function RequestDetail({ api, id, status, listAddress }: RequestDetailProps): ReactNode {
  const styles = useStyles();
  const { value: detail, problem } = useAnswer(useCallback((signal: AbortSignal) => getRequest(api, id, signal), [api, id]));
  return (
    <Card className={styles.card} role="region" aria-label="Request" data-testid="request-detail">
      <div className={styles.head}>
        <Button
          as="a"
          size="small"
          appearance="subtle"
          icon={<ArrowLeftRegular />}
          aria-label="Back to the list"
          {...linkTo(listAddress)}
        />
        {detail && (
          <Subtitle2 as="h2" className={styles.title}>
            {detail.method} {detail.path === '' ? 'Not a request' : detail.path}
          </Subtitle2>
        )}
        {detail && <StatusBadge status={detail.status} />}
      </div>
      {!detail && !problem && <Spinner size="small" label="Loading" />}
      {problem && <Text className={styles.quiet}>{problem}</Text>}
      {detail && <DetailBody api={api} detail={detail} status={status} />}
    </Card>
  );
}

interface DetailBodyProps {
  readonly api: AdminApi;
  readonly detail: Detail;
  readonly status: ServerStatus | undefined;
}

function DetailBody({ api, detail, status }: DetailBodyProps): ReactNode {
  return (
    <>
      {(detail.status >= 400 || detail.fault !== undefined) && <RefusalPanel api={api} record={detail} />}
      <Facts detail={detail} />
      {status && detail.method !== '' && detail.status !== 101 && (
        <div data-testid="copy-command">
          <CopyButton withLabel text={commandFor(detail, status)} label={isSigned(detail) ? 'Copy as command' : 'Copy as curl'} />
        </div>
      )}
      <Traffic key={detail.id} detail={detail} />
    </>
  );
}

function Facts({ detail }: Pick<DetailBodyProps, 'detail'>): ReactNode {
  const facts = [
    ['Answered', new Date(detail.time).toLocaleString([], { hour12: false })],
    ['Took', formatMs(detail.durationMs)],
    ['Operation', detail.operation],
    ['Resource', detail.resource],
    ['Caller', detail.caller],
    ['Fault rule', detail.fault],
    ['Request id', detail.id],
  ] as const;
  return <FactList facts={facts} />;
}

function Traffic({ detail }: { readonly detail: Detail }): ReactNode {
  const styles = useStyles();
  const [tab, setTab] = useState<'request' | 'response'>(detail.status >= 400 || !detail.request?.body ? 'response' : 'request');
  const message = detail[tab];
  if (message === undefined) return <Text className={styles.quiet}>{whyNothing(detail)}</Text>;
  return (
    <>
      <TabList size="small" selectedValue={tab} onTabSelect={(_, data) => setTab(data.value === 'request' ? 'request' : 'response')}>
        <Tab value="request">Request</Tab>
        <Tab value="response">Answer</Tab>
      </TabList>
      <MessagePanel message={message} testId={`traffic-${tab}`} />
    </>
  );
}

function whyNothing({ method, inspection }: Detail): string {
  if (method === '') return 'The server could not read it as a request, so there is nothing more to show.';
  if (inspection === 'off') return 'Headers and bodies are not kept. Start the server with --inspect on to see them.';
  return 'Headers and bodies gave way to those of newer requests.';
}
