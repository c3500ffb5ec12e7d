import { Link, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { AdminApi } from '../admin-api.ts';
import { addressOf, linkTo, pages } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { expiredTokens } from './expired-tokens.ts';
import { listRequests } from './requests-api.ts';

const rule = 'token.expired';
const shownAtMost = 3;

/** Points at clients that go on using a token after its end. `seen` is any value that changes when there may be news. */
export function TokenHints({ api, seen }: { readonly api: AdminApi; readonly seen: number }): ReactNode {
  const ask = useCallback(
    (signal: AbortSignal) => listRequests(api, { rule, limit: '1000' }, signal),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked again when there may be news
    [api, seen],
  );
  const { value: list } = useAnswer(ask);
  return expiredTokens(list?.value ?? [])
    .slice(0, shownAtMost)
    .map(({ caller, cause, refusals }) => (
      <MessageBar key={`${caller} ${cause}`} intent="warning" layout="multiline" data-testid="token-hint">
        <MessageBarBody>
          <MessageBarTitle>A token is used past its life.</MessageBarTitle> {cause} It was refused {refusals} times since; its user is{' '}
          <Link inline {...linkTo(addressOf(pages.requests, { caller, rule }))}>
            {caller}
          </Link>
          . Renew it with a tokenRefresher instead of keeping one token.
        </MessageBarBody>
      </MessageBar>
    ));
}
