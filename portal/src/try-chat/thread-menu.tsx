import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MoreVerticalRegular, PersonAddRegular, PersonDeleteRegular, RenameRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Who } from './event-log.ts';
import { RenameDialog } from '../rename-dialog.tsx';

interface ThreadMenuProps {
  readonly who: Who;
  readonly name: string;
  readonly other: string;
  readonly otherIsParticipant: boolean;
  readonly topic: string;
  readonly disabled: boolean;
  readonly onRename: (topic: string) => void;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
}

/** What a participant can do with the thread itself. */
export function ThreadMenu(props: ThreadMenuProps): ReactNode {
  const { who, name, other, otherIsParticipant, topic, disabled, onRename, onAdd, onRemove } = props;
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            icon={<MoreVerticalRegular />}
            disabled={disabled}
            aria-label={`Thread actions of ${name}`}
            data-testid={`thread-menu-${who}`}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<RenameRegular />} onClick={() => setRenaming(true)} data-testid="rename-thread">
              Rename thread
            </MenuItem>
            {otherIsParticipant ? (
              <MenuItem icon={<PersonDeleteRegular />} onClick={onRemove} data-testid="remove-participant">
                Remove {other}
              </MenuItem>
            ) : (
              <MenuItem icon={<PersonAddRegular />} onClick={onAdd} data-testid="add-participant">
                Add {other}
              </MenuItem>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {renaming && <RenameDialog topic={topic} onRename={onRename} onClose={() => setRenaming(false)} />}
    </>
  );
}
