import { Link, Text, makeStyles, mergeClasses, tokens, useArrowNavigationGroup } from '@fluentui/react-components';
import { FlashRegular } from '@fluentui/react-icons';
import { memo } from 'react';
import type { ReactNode } from 'react';
import { linkTo } from '../router.ts';
import { formatMs, readablePath, shortId } from './pretty.ts';
import type { RequestRecord } from './requests-api.ts';
import { StatusBadge } from './status-badge.tsx';

const narrow = '@container (max-width: 560px)';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', overflowY: 'auto', minHeight: 0, containerType: 'inline-size' },
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, ':first-child': { borderTopStyle: 'none' } },
  row: {
    display: 'grid',
    gridTemplateColumns: '44px 56px minmax(0, 1fr) 88px 56px 64px',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    color: tokens.colorNeutralForeground1,
    ':hover': { color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorNeutralBackground1Hover, textDecorationLine: 'none' },
    ':hover:active': { color: tokens.colorNeutralForeground1, textDecorationLine: 'none' },
    ':focus': { textDecorationLine: 'none' },
    [narrow]: { gridTemplateColumns: '44px 56px minmax(0, 1fr) 64px' },
  },
  selected: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}`,
  },
  path: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontFamily: tokens.fontFamilyMonospace },
  quiet: { color: tokens.colorNeutralForeground3, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  number: { textAlign: 'end' },
  fault: { color: tokens.colorPaletteDarkOrangeForeground1, marginRight: tokens.spacingHorizontalXS, verticalAlign: 'text-bottom' },
  wideOnly: { [narrow]: { display: 'none' } },
});

interface RequestListProps {
  readonly records: readonly RequestRecord[];
  readonly selected: string | undefined;
  readonly addressOf: (id: string) => string;
}

/** The requests, newest first, each a link to its details. Arrow keys move between them. */
export function RequestList({ records, selected, addressOf }: RequestListProps): ReactNode {
  const styles = useStyles();
  const arrows = useArrowNavigationGroup({ axis: 'vertical', memorizeCurrent: true });
  return (
    <ul className={styles.list} aria-label="Requests, newest first" data-testid="request-list" {...arrows}>
      {records.map((record) => (
        <RequestRow key={record.id} record={record} selected={record.id === selected} address={addressOf(record.id)} />
      ))}
    </ul>
  );
}

interface RequestRowProps {
  readonly record: RequestRecord;
  readonly selected: boolean;
  readonly address: string;
}

const RequestRow = memo(function RequestRow({ record, selected, address }: RequestRowProps): ReactNode {
  const styles = useStyles();
  const { method, path, status, caller = '', durationMs, time, fault } = record;
  return (
    <li className={styles.item}>
      <Link
        {...linkTo(address)}
        className={mergeClasses(styles.row, selected && styles.selected)}
        {...(selected && { 'aria-current': 'true' })}
        data-testid="request"
        data-request-id={record.id}
      >
        <StatusBadge status={status} />
        <Text size={200} weight="semibold">
          {method}
        </Text>
        <Text size={200} className={styles.path} title={path}>
          {fault !== undefined && <FlashRegular className={styles.fault} aria-label={`Fault rule ${fault}`} />}
          {path === '' ? 'Not a request' : readablePath(path)}
        </Text>
        <Text size={200} className={mergeClasses(styles.quiet, styles.wideOnly)} title={caller}>
          {shortId(caller)}
        </Text>
        <Text size={200} className={mergeClasses(styles.quiet, styles.number, styles.wideOnly)}>
          {formatMs(durationMs)}
        </Text>
        <Text size={200} className={mergeClasses(styles.quiet, styles.number)} title={time}>
          {new Date(time).toLocaleTimeString([], { hour12: false })}
        </Text>
      </Link>
    </li>
  );
});
