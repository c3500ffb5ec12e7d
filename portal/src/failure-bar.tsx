import {
  Button,
  Link,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { Command } from './command.tsx';
import { addressOf, linkTo, pages } from './router.ts';
import type { Failure } from './failure.ts';

const useStyles = makeStyles({
  body: { display: 'grid', gap: tokens.spacingVerticalXS, paddingBottom: tokens.spacingVerticalS, minWidth: 0 },
});

interface FailureBarProps {
  readonly failure: Failure;
  readonly onDismiss?: () => void;
  readonly testId: string;
}

/** A failed call: code, message, what to do, and the command that tells more. */
export function FailureBar({ failure, onDismiss, testId }: FailureBarProps): ReactNode {
  const styles = useStyles();
  return (
    <MessageBar intent="error" layout="multiline" data-testid={testId}>
      <MessageBarBody className={styles.body}>
        <span>
          <MessageBarTitle>
            {failure.status && failure.code !== String(failure.status) ? `${failure.status} ${failure.code}` : failure.code}
          </MessageBarTitle>{' '}
          {failure.message} {failure.hint}
        </span>
        {failure.requestId && (
          <>
            <Link {...linkTo(addressOf(pages.requests, { id: failure.requestId }))} data-testid="show-request">
              Show the request
            </Link>
            <Command text={`switchboard why ${failure.requestId}`} label="Copy command" />
          </>
        )}
      </MessageBarBody>
      {onDismiss && (
        <MessageBarActions
          containerAction={<Button appearance="transparent" icon={<DismissRegular />} aria-label="Dismiss" onClick={onDismiss} />}
        />
      )}
    </MessageBar>
  );
}
