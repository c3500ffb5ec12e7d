import { Card, Spinner, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { addressOf, navigate, pages } from '../router.ts';
import { EventDetail } from './event-detail.tsx';
import { filterOf, isFiltered, parametersOf } from './event-filter.ts';
import type { EventFilter } from './event-filter.ts';
import { EventFilters } from './event-filters.tsx';
import { EventList } from './event-list.tsx';
import { shortType } from './event-words.ts';
import type { EventSubscription, EventsApi } from './events-api.ts';
import { NoEvents } from './no-events.tsx';
import type { EventsView } from './use-events.ts';

const narrow = '@media (max-width: 900px)';

const useStyles = makeStyles({
  panes: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingHorizontalL,
    height: 'max(420px, calc(100vh - 300px))',
    gridTemplateRows: 'minmax(0, 1fr)',
  },
  split: { gridTemplateColumns: 'minmax(0, 5fr) minmax(0, 6fr)', [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)', height: 'auto' } },
  listCard: { padding: 0, gap: 0, minHeight: 0 },
  hiddenWhenNarrow: { [narrow]: { display: 'none' } },
  middle: { margin: 'auto', padding: tokens.spacingHorizontalXXL },
  note: { padding: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground3 },
});

interface LogViewProps {
  readonly api: EventsApi;
  readonly view: EventsView;
  readonly filter: EventFilter;
  readonly selected: string | undefined;
  readonly subscriptions: readonly EventSubscription[];
}

/** The events, narrowed down, and the one that is opened beside them. */
export function LogView({ api, view, filter, selected, subscriptions }: LogViewProps): ReactNode {
  const styles = useStyles();
  const events = view.events ?? [];
  const detailAddress = useCallback((id: string) => addressOf(pages.events, { ...parametersOf(filter), id }), [filter]);
  const show = (changed: EventFilter): void =>
    navigate(addressOf(pages.events, { ...parametersOf(changed), id: selected }), { replace: true });
  return (
    <>
      <div className={mergeClasses(selected !== undefined && styles.hiddenWhenNarrow)}>
        <EventFilters
          filter={filter}
          types={namesIn(events.map(({ event }) => shortType(event.eventType)))}
          subscriptions={namesIn(subscriptions.map(({ name }) => name))}
          onChange={(changes) => show({ ...filter, ...changes })}
          onClear={() => show(filterOf(new URLSearchParams()))}
        />
      </div>
      <div className={mergeClasses(styles.panes, selected !== undefined && styles.split)}>
        <Card className={mergeClasses(styles.listCard, selected !== undefined && styles.hiddenWhenNarrow)}>
          <LogBody view={view} filtered={isFiltered(filter)} selected={selected} addressOf={detailAddress} />
        </Card>
        {selected !== undefined && (
          <EventDetail
            api={api}
            id={selected}
            known={events.find(({ key }) => key === selected)}
            subscriptionsOf={(source) => subscriptions.filter((one) => one.source === source).map(({ name }) => name)}
            listAddress={addressOf(pages.events, parametersOf(filter))}
            onShow={(id) => navigate(addressOf(pages.events, { id }))}
          />
        )}
      </div>
    </>
  );
}

interface LogBodyProps {
  readonly view: EventsView;
  readonly filtered: boolean;
  readonly selected: string | undefined;
  readonly addressOf: (id: string) => string;
}

function LogBody({ view, filtered, ...list }: LogBodyProps): ReactNode {
  const styles = useStyles();
  if (view.events === undefined) {
    return <div className={styles.middle}>{view.problem ? <Text>{view.problem}</Text> : <Spinner size="small" label="Loading" />}</div>;
  }
  if (view.events.length === 0) return <NoEvents filtered={filtered} />;
  return (
    <>
      <EventList events={view.events} {...list} />
      {view.isCut && (
        <Text size={200} className={styles.note}>
          Older events are left out; narrow the list down to see them.
        </Text>
      )}
    </>
  );
}

/** Each name once, in their order. */
export function namesIn(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
