import { Button, Card, Spinner, Text, Title2, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { PauseRegular, PlayRegular } from '@fluentui/react-icons';
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi, ServerStatus } from '../admin-api.ts';
import { LiveBadge } from '../live-badge.tsx';
import { addressOf, navigate, pages, useQuery } from '../router.ts';
import { filterOf, parametersOf, queryOf } from './request-filter.ts';
import type { RequestFilter } from './request-filter.ts';
import { RequestDetail } from './request-detail.tsx';
import { RequestFilters } from './request-filters.tsx';
import { RequestList } from './request-list.tsx';
import { TokenHints } from './token-hints.tsx';
import { useRequests } from './use-requests.ts';
import type { RequestsView } from './use-requests.ts';

const narrow = '@media (max-width: 900px)';

const useStyles = makeStyles({
  page: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  controls: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  pause: { marginLeft: 'auto' },
  panes: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingHorizontalL,
    height: 'max(420px, calc(100vh - 260px))',
    gridTemplateRows: 'minmax(0, 1fr)',
  },
  split: { gridTemplateColumns: 'minmax(0, 5fr) minmax(0, 6fr)', [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)', height: 'auto' } },
  listCard: { padding: 0, gap: 0, minHeight: 0 },
  hiddenWhenNarrow: { [narrow]: { display: 'none' } },
  empty: { margin: 'auto', padding: tokens.spacingHorizontalXXL, textAlign: 'center', color: tokens.colorNeutralForeground3 },
  note: { padding: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground3 },
});

interface RequestsPageProps {
  readonly api: AdminApi;
  readonly status: ServerStatus | undefined;
}

/** What the server was asked and answered, as it happens. */
export function RequestsPage({ api, status }: RequestsPageProps): ReactNode {
  const styles = useStyles();
  const query = useQuery();
  const [paused, setPaused] = useState(false);
  const filter = useMemo(() => filterOf(query), [query]);
  const view = useRequests(api, queryOf(filter), paused);
  const selected = query.get('id') ?? undefined;
  const records = view.records ?? [];
  const detailAddress = useCallback((id: string) => addressOf(pages.requests, { ...parametersOf(filter), id }), [filter]);
  const show = (changed: RequestFilter): void =>
    navigate(addressOf(pages.requests, { ...parametersOf(changed), id: selected }), { replace: true });
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Title2 as="h1">Requests</Title2>
        <LiveBadge problem={view.problem} paused={paused} />
        <Button
          className={styles.pause}
          icon={paused ? <PlayRegular /> : <PauseRegular />}
          onClick={() => setPaused(!paused)}
          data-testid="pause"
        >
          {paused ? 'Resume' : 'Pause'}
        </Button>
      </div>
      <div className={mergeClasses(styles.controls, selected !== undefined && styles.hiddenWhenNarrow)}>
        <TokenHints api={api} seen={records.filter(({ rule }) => rule === 'token.expired').length} />
        <RequestFilters
          filter={filter}
          operations={namesIn(records.map(({ operation }) => operation))}
          resources={namesIn(records.map(({ resource }) => resource))}
          onChange={(changes) => show({ ...filter, ...changes })}
          onClear={() => show({ ...filterOf(new URLSearchParams()), admin: filter.admin })}
        />
      </div>
      <div className={mergeClasses(styles.panes, selected !== undefined && styles.split)}>
        <Card className={mergeClasses(styles.listCard, selected !== undefined && styles.hiddenWhenNarrow)}>
          <ListBody view={view} selected={selected} addressOf={detailAddress} />
        </Card>
        {selected !== undefined && (
          <RequestDetail api={api} id={selected} status={status} listAddress={addressOf(pages.requests, parametersOf(filter))} />
        )}
      </div>
    </div>
  );
}

interface ListBodyProps {
  readonly view: RequestsView;
  readonly selected: string | undefined;
  readonly addressOf: (id: string) => string;
}

function ListBody({ view, selected, addressOf: addressOfRequest }: ListBodyProps): ReactNode {
  const styles = useStyles();
  if (view.records === undefined) {
    return <div className={styles.empty}>{view.problem ? <Text>{view.problem}</Text> : <Spinner size="small" label="Loading" />}</div>;
  }
  if (view.records.length === 0) {
    return (
      <Text className={styles.empty} data-testid="no-requests">
        No such requests yet. They appear here as they come.
      </Text>
    );
  }
  return (
    <>
      <RequestList records={view.records} selected={selected} addressOf={addressOfRequest} />
      {view.leftOut > 0 && (
        <Text size={200} className={styles.note}>
          {view.leftOut} more came faster than they could be shown.
        </Text>
      )}
    </>
  );
}

function namesIn(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
