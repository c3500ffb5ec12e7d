import { Link, Text, makeStyles, mergeClasses, tokens, useArrowNavigationGroup } from '@fluentui/react-components';
import { memo } from 'react';
import type { ReactNode } from 'react';
import { linkTo } from '../router.ts';
import { standingOfOne, standingOf, shortType, standingText } from './event-words.ts';
import type { LoggedEvent } from './events-api.ts';
import { StandingBadge } from './standing-badge.tsx';

const narrow = '@container (max-width: 560px)';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', overflowY: 'auto', minHeight: 0, containerType: 'inline-size' },
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, ':first-child': { borderTopStyle: 'none' } },
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr) 116px 64px',
    gridTemplateAreas: '"type subject state time"',
    alignItems: 'center',
    gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}`,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    color: tokens.colorNeutralForeground1,
    ':hover': { color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorNeutralBackground1Hover, textDecorationLine: 'none' },
    ':hover:active': { color: tokens.colorNeutralForeground1, textDecorationLine: 'none' },
    ':focus': { textDecorationLine: 'none' },
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr) max-content', gridTemplateAreas: '"type state" "subject time"' },
  },
  selected: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}`,
  },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  type: { gridArea: 'type' },
  subject: { gridArea: 'subject', color: tokens.colorNeutralForeground3, fontFamily: tokens.fontFamilyMonospace },
  state: { gridArea: 'state', justifySelf: 'start', [narrow]: { justifySelf: 'end' } },
  time: { gridArea: 'time', color: tokens.colorNeutralForeground3, textAlign: 'end' },
});

interface EventListProps {
  readonly events: readonly LoggedEvent[];
  readonly selected: string | undefined;
  readonly addressOf: (key: string) => string;
}

/** The events, newest first, each a link to its details. Arrow keys move between them. */
export function EventList({ events, selected, addressOf }: EventListProps): ReactNode {
  const styles = useStyles();
  const arrows = useArrowNavigationGroup({ axis: 'vertical', memorizeCurrent: true });
  return (
    <ul className={styles.list} aria-label="Events, newest first" data-testid="event-list" {...arrows}>
      {events.map((logged) => (
        <EventRow key={logged.key} logged={logged} selected={logged.key === selected} address={addressOf(logged.key)} />
      ))}
    </ul>
  );
}

interface EventRowProps {
  readonly logged: LoggedEvent;
  readonly selected: boolean;
  readonly address: string;
}

const EventRow = memo(function EventRow({ logged, selected, address }: EventRowProps): ReactNode {
  const styles = useStyles();
  const { key, event, deliveries } = logged;
  const told = deliveries.map((one) => `${one.subscription}: ${standingText(standingOfOne(one)).toLowerCase()}`).join('\n');
  return (
    <li className={styles.item}>
      <Link
        {...linkTo(address)}
        className={mergeClasses(styles.row, selected && styles.selected)}
        {...(selected && { 'aria-current': 'true' })}
        data-testid="event"
        data-event-id={key}
      >
        <Text size={200} weight="semibold" className={mergeClasses(styles.cut, styles.type)} title={event.eventType}>
          {shortType(event.eventType)}
        </Text>
        <Text size={200} className={mergeClasses(styles.cut, styles.subject)} title={event.subject}>
          {event.subject}
        </Text>
        <span className={styles.state} title={told}>
          <StandingBadge standing={standingOf(deliveries)} />
        </span>
        <Text size={200} className={styles.time} title={event.eventTime}>
          {new Date(event.eventTime).toLocaleTimeString([], { hour12: false })}
        </Text>
      </Link>
    </li>
  );
});
