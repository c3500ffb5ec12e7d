import { Button, Tab, TabList, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular, FlashRegular, PauseRegular, PlayRegular, SendRegular } from '@fluentui/react-icons';
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { LiveBadge } from '../live-badge.tsx';
import { addressOf, navigate, pages, useQuery } from '../router.ts';
import { EventDialogs } from './event-dialogs.tsx';
import type { OpenDialog } from './event-dialogs.tsx';
import { filterOf, queryOf } from './event-filter.ts';
import { EventsApi } from './events-api.ts';
import type { EventSubscription, FaultRuleInForce } from './events-api.ts';
import { LogView } from './log-view.tsx';
import { SubscriptionsPanel } from './subscriptions-panel.tsx';
import { useEvents } from './use-events.ts';
import { useListed } from './use-listed.ts';

const useStyles = makeStyles({
  page: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, marginLeft: 'auto' },
});

const noSubscriptions: readonly EventSubscription[] = [];
const noRules: readonly FaultRuleInForce[] = [];

/** What has happened, who is told of it, and how that goes. */
export function EventsPage({ api: adminApi }: { readonly api: AdminApi }): ReactNode {
  const styles = useStyles();
  const api = useMemo(() => new EventsApi(adminApi), [adminApi]);
  const query = useQuery();
  const [paused, setPaused] = useState(false);
  const [open, setOpen] = useState<OpenDialog>();
  const filter = useMemo(() => filterOf(query), [query]);
  const view = useEvents(api, queryOf(filter), paused);
  const subscriptions = useListed(useCallback((signal: AbortSignal) => api.subscriptions(signal), [api]));
  const rules = useListed(useCallback((signal: AbortSignal) => api.disturbances(signal), [api]));
  const { value: listed = noSubscriptions } = subscriptions;
  const { value: inForce = noRules } = rules;
  const isOfSubscriptions = query.get('view') === 'subscriptions';
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Title2 as="h1">Events</Title2>
        <LiveBadge problem={view.problem} paused={paused} />
        <div className={styles.actions}>
          <CommonActions disturbed={inForce.length} onOpen={setOpen} />
          {isOfSubscriptions ? (
            <Button icon={<AddRegular />} onClick={() => setOpen('subscribe')} data-testid="open-subscribe">
              New subscription
            </Button>
          ) : (
            <Button icon={paused ? <PlayRegular /> : <PauseRegular />} onClick={() => setPaused(!paused)} data-testid="pause">
              {paused ? 'Resume' : 'Pause'}
            </Button>
          )}
        </div>
      </div>
      <Tabs isOfSubscriptions={isOfSubscriptions} count={subscriptions.value?.length} />
      {isOfSubscriptions ? (
        <SubscriptionsPanel api={api} answer={subscriptions} onChanged={subscriptions.refresh} />
      ) : (
        <LogView api={api} view={view} filter={filter} selected={query.get('id') ?? undefined} subscriptions={listed} />
      )}
      <EventDialogs
        api={api}
        open={open}
        rules={inForce}
        subscriptions={listed}
        onRulesChanged={rules.refresh}
        onSubscribed={subscriptions.refresh}
        onClose={() => setOpen(undefined)}
      />
    </div>
  );
}

function CommonActions({ disturbed, onOpen }: { readonly disturbed: number; readonly onOpen: (dialog: OpenDialog) => void }): ReactNode {
  return (
    <>
      <Button appearance="primary" icon={<SendRegular />} onClick={() => onOpen('trigger')} data-testid="open-trigger">
        Trigger
      </Button>
      <Button icon={<FlashRegular />} onClick={() => onOpen('disturb')} data-testid="open-disturb">
        {disturbed === 0 ? 'Disturb' : `Disturb (${disturbed})`}
      </Button>
    </>
  );
}

function Tabs({ isOfSubscriptions, count }: { readonly isOfSubscriptions: boolean; readonly count: number | undefined }): ReactNode {
  return (
    <TabList
      selectedValue={isOfSubscriptions ? 'subscriptions' : 'log'}
      onTabSelect={(_, data) => navigate(addressOf(pages.events, { view: data.value === 'log' ? undefined : 'subscriptions' }))}
    >
      <Tab value="log">Log</Tab>
      <Tab value="subscriptions" data-testid="subscriptions-tab">
        Subscriptions{count === undefined ? '' : ` (${count})`}
      </Tab>
    </TabList>
  );
}
