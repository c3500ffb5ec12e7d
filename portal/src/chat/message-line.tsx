import { Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { EyeRegular } from '@fluentui/react-icons';
import { memo } from 'react';
import type { ReactNode } from 'react';
import { htmlToText } from '../message.ts';
import type { TextMessage } from '../message.ts';
import { formatTime } from './names.ts';

const useStyles = makeStyles({
  row: { display: 'grid', justifyItems: 'start', gap: '2px', minWidth: 0 },
  head: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  sender: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightSemibold },
  bubble: {
    minWidth: 0,
    maxWidth: '100%',
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  deleted: { backgroundColor: 'transparent', border: `1px dashed ${tokens.colorNeutralStroke1}`, color: tokens.colorNeutralForeground3 },
  note: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXXS,
    color: tokens.colorNeutralForeground3,
    overflowWrap: 'anywhere',
  },
});

interface MessageLineProps {
  readonly message: TextMessage;
  readonly sender: string;
  /** Who has read up to here; empty for nobody. */
  readonly readers: string;
}

/** One message as an administrator sees it. */
export const MessageLine = memo(function MessageLine({ message, sender, readers }: MessageLineProps): ReactNode {
  const styles = useStyles();
  const { createdOn, deleted, edited, isHtml, metadata } = message;
  return (
    <div className={styles.row} data-testid="message" data-message-id={message.id}>
      <Text size={200} className={styles.head}>
        <span className={styles.sender} title={message.senderId}>
          {sender}
        </span>{' '}
        · <time dateTime={createdOn.toISOString()}>{formatTime(createdOn.toISOString())}</time>
        {isHtml && ' · html'}
        {edited && !deleted && ' · edited'}
      </Text>
      <div className={mergeClasses(styles.bubble, deleted && styles.deleted)}>
        {deleted ? 'Message deleted' : isHtml ? htmlToText(message.text) : message.text}
      </div>
      {metadata && (
        <Text size={200} className={styles.note}>
          {Object.entries(metadata)
            .map(([name, value]) => `${name}: ${value}`)
            .join(' · ')}
        </Text>
      )}
      {readers !== '' && (
        <Text size={200} className={styles.note} data-testid="readers">
          <EyeRegular aria-hidden fontSize={16} /> Read by {readers}
        </Text>
      )}
    </div>
  );
});
