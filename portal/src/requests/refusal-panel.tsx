import { MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { Command } from '../command.tsx';
import { useAnswer } from '../use-answer.ts';
import { listLimits } from './requests-api.ts';
import type { LimitRow, RequestRecord } from './requests-api.ts';

const useStyles = makeStyles({
  body: {
    display: 'grid',
    gap: tokens.spacingVerticalS,
    paddingBottom: tokens.spacingVerticalS,
    minWidth: 0,
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
  },
});

/** Why a request was refused or disturbed, what to do, and the limit that refused it. */
export function RefusalPanel({ api, record }: { readonly api: AdminApi; readonly record: RequestRecord }): ReactNode {
  const styles = useStyles();
  const { status, code, rule, cause, cure, target, limit } = record;
  return (
    <MessageBar intent={status >= 500 ? 'error' : 'warning'} layout="multiline" data-testid="refusal">
      <MessageBarBody className={styles.body}>
        <span>
          <MessageBarTitle>{cause ?? 'It was refused.'}</MessageBarTitle>
        </span>
        {cure && <Text>{cure}</Text>}
        <Text size={200}>{[code && `Code ${code}`, rule && `rule ${rule}`, target && `target ${target}`].filter(Boolean).join(' · ')}</Text>
        {limit && <LimitText api={api} limit={limit} />}
        <Command text={`switchboard why ${record.id}`} label="Copy command" />
      </MessageBarBody>
    </MessageBar>
  );
}

function LimitText({ api, limit }: { readonly api: AdminApi; readonly limit: NonNullable<RequestRecord['limit']> }): ReactNode {
  const { value: rows } = useAnswer(useCallback((signal: AbortSignal) => listLimits(api, signal), [api]));
  const row = rows?.find(({ name }) => name === limit.name);
  return (
    <Text size={200} data-testid="limit">
      Limit {limit.name}: {limit.value} {row?.unit} under the preset {limit.preset}
      {row && ` (handbook: ${amount(row.handbook)}, azure: ${amount(row.azure)})`}
    </Text>
  );
}

function amount(value: LimitRow['azure']): string {
  return value === null ? 'no limit' : String(value);
}
