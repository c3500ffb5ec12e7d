import { Badge, Button, Card, Subtitle2, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LogEntry } from './event-log.ts';

const useStyles = makeStyles({
  panel: { padding: 0, gap: 0 },
  head: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, padding: tokens.spacingHorizontalS },
  title: { flexGrow: 1 },
  list: { margin: 0, padding: 0, listStyleType: 'none', maxHeight: '320px', overflowY: 'auto' },
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  line: {
    display: 'grid',
    gridTemplateColumns: '16px 64px 56px max-content 1fr',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    '@media (max-width: 480px)': { gridTemplateColumns: '16px 64px 56px 1fr' },
  },
  alice: { backgroundColor: tokens.colorPaletteRoyalBlueBackground2, color: tokens.colorPaletteRoyalBlueForeground2 },
  bob: { backgroundColor: tokens.colorPaletteTealBackground2, color: tokens.colorPaletteTealForeground2 },
  name: { fontWeight: tokens.fontWeightSemibold, overflow: 'hidden', textOverflow: 'ellipsis' },
  failed: { color: tokens.colorPaletteRedForeground1 },
  preview: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontFamily: tokens.fontFamilyMonospace,
    color: tokens.colorNeutralForeground3,
    '@media (max-width: 480px)': { display: 'none' },
  },
  payload: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  chevron: { color: tokens.colorNeutralForeground3, 'details[open] > summary > &': { transform: 'rotate(90deg)' } },
  quiet: { color: tokens.colorNeutralForeground3 },
  empty: { padding: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground3 },
});

/** Every event both clients received, with its payload, newest first; failed background calls stand among them. */
export function EventLogPanel({ log, onClear }: { readonly log: readonly LogEntry[]; readonly onClear: () => void }): ReactNode {
  const styles = useStyles();
  const [open, setOpen] = useState(true);
  return (
    <Card className={styles.panel} role="region" aria-label="Event log" data-testid="event-log">
      <div className={styles.head}>
        <Button
          appearance="subtle"
          icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          aria-expanded={open}
          aria-label="Event log"
          onClick={() => setOpen(!open)}
          data-testid="event-log-toggle"
        />
        <Subtitle2 as="h2" className={styles.title}>
          Event log ({log.length})
        </Subtitle2>
        <Button appearance="subtle" size="small" onClick={onClear} disabled={log.length === 0}>
          Clear
        </Button>
      </div>
      {open && log.length === 0 && <Text className={styles.empty}>Nothing yet</Text>}
      {open && log.length > 0 && (
        <ul className={styles.list}>
          {log.map((entry) => (
            <LogLine key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function LogLine({ entry }: { readonly entry: LogEntry }): ReactNode {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.item} data-testid="log-entry" data-who={entry.who} data-name={entry.name}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles.line}>
          <ChevronRightRegular className={styles.chevron} aria-hidden />
          <Text size={200} className={styles.quiet}>
            {entry.at.toLocaleTimeString([], { hour12: false })}
          </Text>
          <Badge className={entry.who === 'alice' ? styles.alice : styles.bob}>{entry.who === 'alice' ? 'Alice' : 'Bob'}</Badge>
          <Text size={200} className={mergeClasses(styles.name, entry.kind === 'failure' && styles.failed)}>
            {entry.name}
            {entry.kind === 'call' && ' (call)'}
            {entry.kind === 'failure' && ` failed: ${entry.payload.code}`}
          </Text>
          <Text size={200} className={styles.preview}>
            {JSON.stringify(entry.payload)}
          </Text>
        </summary>
        {open && (
          <pre className={styles.payload}>{entry.payload === undefined ? 'No payload' : JSON.stringify(entry.payload, null, 2)}</pre>
        )}
      </details>
    </li>
  );
}
