import {
  Menu,
  MenuButton,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ArrowRepeatAllRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';

interface ReplayMenuProps {
  readonly subscriptions: readonly string[];
  readonly disabled: boolean;
  /** @param subscription undefined for all who want the event */
  readonly onReplay: (subscription: string | undefined) => void;
}

/** Delivers an event again: to all who want it, or to one, whatever its filter says. */
export function ReplayMenu({ subscriptions, disabled, onReplay }: ReplayMenuProps): ReactNode {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton size="small" appearance="primary" icon={<ArrowRepeatAllRegular />} disabled={disabled} data-testid="replay">
          Replay
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onReplay(undefined)} data-testid="replay-all">
            To all who want it
          </MenuItem>
          {subscriptions.length > 0 && <MenuDivider />}
          {subscriptions.length > 0 && (
            <MenuGroup>
              <MenuGroupHeader>To one subscription</MenuGroupHeader>
              {subscriptions.map((name) => (
                <MenuItem key={name} onClick={() => onReplay(name)} data-testid="replay-one">
                  {name}
                </MenuItem>
              ))}
            </MenuGroup>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
