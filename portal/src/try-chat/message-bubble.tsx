import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  makeStyles,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircleRegular, DeleteRegular, EditRegular, EyeRegular, MoreHorizontalRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { MessageEditor } from './message-editor.tsx';
import { htmlToText } from '../message.ts';
import type { TextMessage } from '../message.ts';

const useStyles = makeStyles({
  row: { display: 'grid', justifyItems: 'start', maxWidth: '85%', alignSelf: 'flex-start', gap: '2px' },
  ownRow: { justifyItems: 'end', alignSelf: 'flex-end' },
  head: { color: tokens.colorNeutralForeground3 },
  receipt: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXXS, color: tokens.colorNeutralForeground3 },
  line: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXXS, maxWidth: '100%' },
  bubble: {
    minWidth: 0,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  own: { backgroundColor: tokens.colorBrandBackground2, color: tokens.colorNeutralForeground1 },
  deleted: { backgroundColor: 'transparent', border: `1px dashed ${tokens.colorNeutralStroke1}`, color: tokens.colorNeutralForeground3 },
});

export interface MessageActions {
  readonly edit: (messageId: string, text: string) => void;
  readonly remove: (messageId: string) => void;
}

interface MessageBubbleProps {
  readonly message: TextMessage;
  readonly own: boolean;
  readonly sender: string;
  /** Present where the user may change the message. */
  readonly actions: MessageActions | undefined;
  /** Shown under the newest own message. */
  readonly receipt: 'sent' | 'seen' | undefined;
}

/** One message with sender, time, markers and, for own ones, a menu. */
export function MessageBubble({ message, own, sender, actions, receipt }: MessageBubbleProps): ReactNode {
  const styles = useStyles();
  const [editing, setEditing] = useState(false);
  const time = message.createdOn.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const text = message.isHtml ? htmlToText(message.text) : message.text;
  const save = (next: string): void => {
    setEditing(false);
    if (next !== '' && next !== text) actions?.edit(message.id, next);
  };
  return (
    <div className={mergeClasses(styles.row, own && styles.ownRow)} data-testid="message" data-message-id={message.id}>
      <Text size={200} className={styles.head}>
        {own ? '' : `${sender} · `}
        <time dateTime={message.createdOn.toISOString()}>{time}</time>
        {message.edited && !message.deleted && ' · edited'}
      </Text>
      {editing ? (
        <MessageEditor text={text} onSave={save} onCancel={() => setEditing(false)} />
      ) : (
        <div className={styles.line}>
          {actions && !message.deleted && <MessageMenu onEdit={() => setEditing(true)} onDelete={() => actions.remove(message.id)} />}
          <div className={mergeClasses(styles.bubble, own && styles.own, message.deleted && styles.deleted)}>
            {message.deleted ? 'Message deleted' : text}
          </div>
        </div>
      )}
      {receipt && (
        <Text size={200} className={styles.receipt} data-testid="receipt">
          {receipt === 'seen' ? <EyeRegular aria-hidden /> : <CheckmarkCircleRegular aria-hidden />}
          {receipt === 'seen' ? 'Seen' : 'Sent'}
        </Text>
      )}
    </div>
  );
}

function MessageMenu({ onEdit, onDelete }: { readonly onEdit: () => void; readonly onDelete: () => void }): ReactNode {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="transparent"
          icon={<MoreHorizontalRegular />}
          aria-label="Message actions"
          data-testid="message-menu"
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<EditRegular />} onClick={onEdit} data-testid="edit-message">
            Edit
          </MenuItem>
          <MenuItem icon={<DeleteRegular />} onClick={onDelete} data-testid="delete-message">
            Delete
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
